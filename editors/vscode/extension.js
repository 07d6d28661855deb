// Begins the language server of postil, and hands it what the editor shows. All help is the server's.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function begin() {
  const command = vscode.workspace.getConfiguration("postil").get("path") || "postil";
  client = new LanguageClient(
    "postil",
    "postil",
    { command, args: ["lsp"] },
    {
      // The server itself knows which files are of an archive; of others it says nothing.
      documentSelector: ["toml", "markdown", "plaintext"].map((language) => ({ scheme: "file", language })),
    },
  );
  try {
    await client.start();
  } catch {
    const choose = "Choose the program";
    const chosen = await vscode.window.showErrorMessage(
      `The program \`${command}\` could not be begun. Install postil, or say where it is.`,
      choose,
    );
    if (chosen === choose) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "postil.path");
    }
  }
}

async function end() {
  const ended = client;
  client = undefined;
  // One that never began need not be ended.
  if (ended?.needsStop?.() ?? ended?.isRunning()) await ended.stop();
}

async function again() {
  await end();
  await begin();
}

exports.activate = async (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand("postil.restart", again),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("postil.path")) return again();
    }),
  );
  await begin();
};

exports.deactivate = end;
