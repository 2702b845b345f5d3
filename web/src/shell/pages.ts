/** The pages there are, in the order in which people need them. Each is loaded when it is first opened. */

import {
  BoxMultipleRegular,
  ChatRegular,
  DatabaseRegular,
  HistoryRegular,
  KeyRegular,
  MicRegular,
  PeopleRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { ComponentType } from "react";

import type { text } from "./text";

export interface Page {
  readonly route: string;
  readonly title: keyof (typeof text)["en"];
  readonly icon: FluentIcon;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export const PLAYGROUNDS: readonly Page[] = [
  { route: "chat", title: "chat", icon: ChatRegular, load: () => import("../pages/chat/ChatPage") },
  { route: "realtime", title: "realtime", icon: MicRegular, load: () => import("../pages/realtime/RealtimePage") },
];

export const ADMINISTRATION: readonly Page[] = [
  {
    route: "deployments",
    title: "deployments",
    icon: BoxMultipleRegular,
    load: () => import("../pages/deployments/DeploymentsPage"),
  },
  { route: "models", title: "models", icon: DatabaseRegular, load: () => import("../pages/models/ModelsPage") },
  { route: "keys", title: "keys", icon: KeyRegular, load: () => import("../pages/keys/KeysPage") },
  { route: "roles", title: "roles", icon: PeopleRegular, load: () => import("../pages/roles/RolesPage") },
  { route: "records", title: "records", icon: HistoryRegular, load: () => import("../pages/records/RecordsPage") },
];

export const PAGES: readonly Page[] = [...PLAYGROUNDS, ...ADMINISTRATION];
