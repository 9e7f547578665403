// Starts everything once the document is there.

import { startComposers } from "./composer.js";
import { startLive } from "./live.js";
import { startMessages } from "./messages.js";
import { startModals } from "./modals.js";
import { startPicker } from "./picker.js";
import { startSide } from "./side.js";
import { localise } from "./times.js";

localise(document);
startSide();
startComposers();
startMessages();
startPicker();
startModals();
startLive();
