import { createApp } from "vue";

import Repair from "./Repair.vue";

createApp(Repair).mount("#app");
