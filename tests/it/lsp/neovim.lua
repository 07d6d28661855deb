-- A contributor in Neovim: a note with a slip in it, mended; a name, followed; a word, explained and completed.
local function fail(what, found)
  io.stderr:write(what .. ": " .. vim.inspect(found) .. "\n")
  vim.cmd("cquit!")
end
local function check(what, found, expected)
  if not vim.deep_equal(found, expected) then fail(what, { found = found, expected = expected }) end
end

local ok, wrong = pcall(function()
  vim.cmd("edit annotations/a/n.md")
  local client = vim.lsp.start_client({
    name = "postil",
    cmd = { os.getenv("POSTIL_PROGRAM"), "lsp" },
    root_dir = vim.fn.getcwd(),
  })
  vim.lsp.buf_attach_client(0, client)
  if not vim.wait(60000, function() return vim.lsp.buf_get_clients(0)[client] ~= nil
      and vim.lsp.get_client_by_id(client).initialized end) then fail("the server does not begin", nil) end

  local function ask(method, line, character, more)
    local params = { textDocument = vim.lsp.util.make_text_document_params(), position = { line = line, character = character } }
    local answers, why = vim.lsp.buf_request_sync(0, method, vim.tbl_extend("force", params, more or {}), 60000)
    if why ~= nil or answers[client] == nil or answers[client].error ~= nil then fail(method, { why, answers }) end
    return answers[client].result
  end

  -- A slip is told while it is typed, and gone when its fix is applied. Nothing is saved.
  vim.api.nvim_buf_set_lines(0, 3, 4, true, { 'topcis = ["work"]' })
  if not vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end) then fail("no problem is told", nil) end
  local problem = vim.diagnostic.get(0)[1]
  check("the problem", { problem.code or problem.user_data.lsp.code, problem.lnum, problem.col }, { "unknown-key", 3, 0 })
  local range = { start = { line = 3, character = 0 }, ["end"] = { line = 3, character = 6 } }
  local actions = ask("textDocument/codeAction", 3, 0, { range = range, context = { diagnostics = {} } })
  vim.lsp.util.apply_workspace_edit(actions[1].edit, vim.lsp.get_client_by_id(client).offset_encoding)
  check("the line", vim.api.nvim_buf_get_lines(0, 3, 4, true), { 'topics = ["work"]' })
  if not vim.wait(60000, function() return #vim.diagnostic.get(0) == 0 end) then
    fail("the problem stays", vim.diagnostic.get(0))
  end

  local said = ask("textDocument/hover", 5, 12)
  if not said.contents.value:find("p1, line 1 of `content/a.txt`", 1, true) then fail("hover", said) end
  local places = ask("textDocument/definition", 7, 7)
  check("the definition", vim.uri_to_fname(places[1].uri), vim.fn.getcwd() .. "/annotations/glossary/gla.toml")

  -- A quotation goes on with the words of the text.
  vim.api.nvim_buf_set_lines(0, 5, 6, true, { "> The Director of CE" })
  local items = ask("textDocument/completion", 5, 20).items
  check("the words", items[#items].textEdit.newText, "The Director of CEOP wrote to all forces.")
  check("the outline", #ask("textDocument/documentSymbol", 0, 0), 4)

  -- Another name goes through the archive.
  local edit = ask("textDocument/rename", 7, 7, { newName = "gangs" })
  vim.lsp.util.apply_workspace_edit(edit, vim.lsp.get_client_by_id(client).offset_encoding)
  check("the link", vim.api.nvim_buf_get_lines(vim.fn.bufnr("annotations/a/n.md"), 7, 8, true), { "The [[gangs]] was meant." })
  check("the file", vim.fn.filereadable("annotations/glossary/gangs.toml"), 1)

  vim.lsp.stop_client(client)
  if not vim.wait(60000, function() return vim.lsp.client_is_stopped(client) end) then fail("the server does not end", nil) end
  io.stderr:write("all is well\n")
  vim.cmd("qall!")
end)
if not ok then fail("the script", wrong) end
