import { mount } from "svelte";

import Repair from "./Repair.svelte";

mount(Repair, { target: document.getElementById("app") });
