import Repair from "./repair";

export default function Page() {
  return (
    <main>
      <h1>Repair a picture</h1>
      <Repair />
    </main>
  );
}
