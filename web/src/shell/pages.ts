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
import { lazy, type ComponentType, type LazyExoticComponent } from "react";

import type { text } from "./text";

export interface Page {
  readonly route: string;
  readonly title: keyof (typeof text)["en"];
  readonly icon: FluentIcon;
  readonly content: LazyExoticComponent<ComponentType>;
}

export const PLAYGROUNDS: readonly Page[] = [
  { route: "chat", title: "chat", icon: ChatRegular, content: lazy(() => import("../pages/chat/ChatPage")) },
  { route: "realtime", title: "realtime", icon: MicRegular, content: lazy(() => import("../pages/realtime/RealtimePage")) },
];

export const ADMINISTRATION: readonly Page[] = [
  {
    route: "deployments",
    title: "deployments",
    icon: BoxMultipleRegular,
    content: lazy(() => import("../pages/deployments/DeploymentsPage")),
  },
  { route: "models", title: "models", icon: DatabaseRegular, content: lazy(() => import("../pages/models/ModelsPage")) },
  { route: "keys", title: "keys", icon: KeyRegular, content: lazy(() => import("../pages/keys/KeysPage")) },
  { route: "roles", title: "roles", icon: PeopleRegular, content: lazy(() => import("../pages/roles/RolesPage")) },
  { route: "records", title: "records", icon: HistoryRegular, content: lazy(() => import("../pages/records/RecordsPage")) },
];

export const PAGES: readonly Page[] = [...PLAYGROUNDS, ...ADMINISTRATION];
