-- Stands between the operator's connections and HAProxy's own command line. From 3.3 on every command that edits a map
-- needs level admin, and level admin may also read memory, bad requests (which hold keys) and private settings. So each
-- client certificate gets a positive list of commands here, and the socket behind is reached by nobody else.
--
-- Each command is sent by itself, on a connection of its own and never in the command line's interactive mode. So what
-- is not on the list can be neither appended to what is, nor prepared by a command before it.
--
-- The socket of level admin, the maps that may be edited and the certificates that may be replaced, by file.
local socket = "/run/mapwright/admin.sock"
local maps = "/etc/mapwright/gateway/keys.map,/etc/mapwright/gateway/origins.map,/etc/mapwright/gateway/session.map,/etc/mapwright/gateway/meta.map"
local certificates = "/etc/mapwright/tls/tls.crt,/etc/mapwright/control/tls.crt"

local MAX_PAYLOAD = 16000
local CHUNK = 8000
local ANSWER_SECONDS = 30

-- A word of a command: no white space, and nothing that means something else to the command line (# is an address in
-- memory, @ a process or version, << a payload).
local WORD = "[^%s%c;\\\"'<#@\128-\255][^%s%c;\\\"'<\128-\255]*"
local NUMBER = "%d+"

local function set(list)
  local members = {}
  for member in list:gmatch("[^,]+") do
    members[member] = true
  end
  return members
end

local map_files, certificate_files = set(maps), set(certificates)

-- rule(PATTERN, FILES): a command, and the files that its capture may name.
local function rule(pattern, files)
  return function(line)
    local file = line:match("^" .. pattern .. "$")
    return file ~= nil and (files == nil or files[file] == true)
  end
end

local TABLES = {
  rule("get map (" .. WORD .. ") " .. WORD, map_files),
  rule("set map (" .. WORD .. ") " .. WORD .. " " .. WORD, map_files),
  rule("del map (" .. WORD .. ") " .. WORD, map_files),
  rule("add map (" .. WORD .. ") <<", map_files),
  rule("add map @" .. NUMBER .. " (" .. WORD .. ") <<", map_files),
  rule("prepare map (" .. WORD .. ")", map_files),
  rule("commit map @" .. NUMBER .. " (" .. WORD .. ")", map_files),
  rule("show map"),
  rule("show info"),
}

local CERTIFICATES = {
  rule("show ssl cert (" .. WORD .. ")", certificate_files),
  rule("set ssl cert (" .. WORD .. ") <<", certificate_files),
  rule("commit ssl cert (" .. WORD .. ")", certificate_files),
  rule("abort ssl cert " .. WORD),
  rule("show table keys data%.gpt0 gt " .. NUMBER),
}

local function permitted(line, rules)
  for _, admits in ipairs(rules) do
    if admits(line) then
      return true
    end
  end
  return false
end

-- A line without its end; nothing if the connection ended, or if no line fits into HAProxy's buffer.
local function read_line(applet)
  local line = applet:getline()
  if line == nil or line:sub(-1) ~= "\n" then
    return nil
  end
  return line:sub(1, -2)
end

-- The lines of a payload with the empty one that ends it; nothing if it is too long or holds anything but plain text.
local function read_payload(applet)
  local lines, size = {}, 0
  repeat
    local line = read_line(applet)
    if line == nil or line:find("[%c\128-\255]") then
      return nil
    end
    size = size + #line + 1
    if size > MAX_PAYLOAD then
      return nil
    end
    lines[#lines + 1] = line
  until line == ""
  return table.concat(lines, "\n") .. "\n"
end

-- Passes the answer on, which ends with the connection. Says whether it was a whole one: those end with an empty line.
local function run(applet, command)
  local cli = core.tcp()
  cli:settimeout(ANSWER_SECONDS)
  local part, last
  if cli:connect("unix@" .. socket) and cli:send(command) then
    repeat
      part = cli:receive(CHUNK)
      if part ~= nil and part ~= "" then
        applet:send(part)
        last = part:sub(-1)
      end
    until part == nil
  end
  cli:close()
  return last == "\n"
end

local function serve(applet, rules)
  local prompt = ""
  while true do
    local line = read_line(applet)
    if line == nil then
      return
    end
    if line == "prompt" then
      prompt = "> "
      applet:send("\n" .. prompt)
    elseif not permitted(line, rules) then
      applet:send("Permission denied\n\n" .. prompt)
      return
    else
      local payload = ""
      if line:sub(-3) == " <<" then
        payload = read_payload(applet)
      end
      if payload == nil or not run(applet, line .. "\n" .. payload) then
        return
      end
      applet:send(prompt)
      if prompt == "" then
        return
      end
    end
  end
end

core.register_service("control_tables", "tcp", function(applet)
  serve(applet, TABLES)
end)

core.register_service("control_certificates", "tcp", function(applet)
  serve(applet, CERTIFICATES)
end)
