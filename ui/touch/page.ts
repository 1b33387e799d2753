// The page's part: it shows what the desk draws and sends what is touched. It keeps nothing worth losing.
import { connect } from "./link";
import { listen as listenToKeys } from "./keys";
import { listen } from "./send";
import { listen as listenToVoice } from "./voice";
import { mountAll } from "./widget";

mountAll();
listen();
listenToKeys();
listenToVoice();
connect();
