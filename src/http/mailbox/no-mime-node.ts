// Stands in a deployed Worker for nodemailer, which only the trial's mailbox needs, to export a message (scripts/deploy).

/** Never made: a deployed Worker has no mailbox. */
export default class {
  constructor() {
    throw new Error("a deployed Worker has no mailbox");
  }
}
