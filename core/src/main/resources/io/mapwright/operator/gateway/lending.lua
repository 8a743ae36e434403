-- Lends parts of a limit between the gateways of one instance (decision 0042). Each gateway owns an equal part of every
-- limit. One that has used up its part asks the others, and the request waits for their answers. They lend what they do
-- not use, for two seconds at a time. A lender gives up its part before it answers, so all parts together are never more
-- than the limit, whatever message gets lost.
--
-- Parts are counted in thousandths of what one gateway owns: each of n gateways owns 1000, and the limit is 1000 n.
--
-- The map of the parts that are not 1000, the map of what the operator says of the gateways, the socket on which the other
-- gateways are asked.
local shares_file = "{{shares}}"
local meta_file = "{{meta}}"
local outgoing = "unix@{{socket}}"

local OWN = 1000
local LOAN_MS = 2000
local RENEW_MS = 500
local SWEEP_MS = 100
local GREET_MS = 10000
-- A borrower counts from before it asked, a lender from its answer, and both look at the clock from time to time only.
local GRACE_MS = 300
-- The longest period of a limit: so long after its end the lender still counts what the borrower used, less and less, as
-- HAProxy's own counters do.
local PERIOD_MS = 10000
local DRAIN_MS = 500
local ANSWER_MS = 1000
-- How long a request waits for more than its gateway has.
local WAIT_MS = 300
-- A key for which nobody had anything to lend, and a gateway that did not answer, are not asked again at once.
local PAUSE_MS = 200
local SILENCE_MS = 2000
-- What was not asked for so long is not in use; HAProxy says when a counter would expire, which each request postpones.
local IDLE_MS = 1500
local EXPIRE_MS = { keys = {{keysExpire}}, anonymous = {{keysExpire}}, clients = {{clientsExpire}} }
-- Bounds of memory and of work.
local MAX_KEYS = 4000
local MAX_LOANS = 10000
local MAX_REQUESTS = 64
local MAX_WAITING = 64
local MAX_GATEWAYS = 64
local BATCH = 64
local FAR = 9999999999

local meta = Map.new(meta_file, Map._str)

-- By key: what was lent and borrowed, when to look at it again, and until when not to ask.
local keys, key_count, loan_count = {}, 0, 0
-- By key: a question that is under way.
local questions, question_count = {}, 0
-- By address: until when a gateway is not asked.
local silent = {}
local said_silent = ""
local last_number = 0

local function smaller(one, other)
  return one < other and one or other
end

local function now()
  local time = core.now()
  return time.sec * 1000 + time.usec // 1000
end

local function replicas()
  return tonumber(meta:lookup("ready") or "") or 0
end

local function others()
  local list = {}
  if replicas() < 2 then
    return list
  end
  for address in (meta:lookup("gateways") or ""):gmatch("[%x.:]+") do
    if #list < MAX_GATEWAYS then
      list[#list + 1] = address
    end
  end
  return list
end

local function counted(loan, time)
  if time < loan.ends then
    return loan.part
  elseif time < loan.drained then
    return (loan.used * (loan.drained - time) + PERIOD_MS - 1) // PERIOD_MS
  end
  return 0
end

local function borrowed_by(entry, time)
  local part = 0
  for _, loan in ipairs(entry.borrowed) do
    if time < loan.ends then
      part = part + loan.part
    end
  end
  return part
end

-- What this gateway may use of the limits of a key; less than nothing if it lent what it has no more.
local function part_of(entry, time)
  local part = OWN + borrowed_by(entry, time)
  for _, loan in ipairs(entry.lent) do
    part = part - counted(loan, time)
  end
  return part
end

local function entry_of(key)
  local entry = keys[key]
  if entry == nil and key_count < MAX_KEYS then
    entry = { lent = {}, borrowed = {}, look = 0, pause = 0 }
    keys[key] = entry
    key_count = key_count + 1
  end
  return entry
end

local function retain(loans, field, time)
  local kept = {}
  for _, loan in ipairs(loans) do
    if time < loan[field] then
      kept[#kept + 1] = loan
    end
  end
  return kept
end

-- Tells the rules what this gateway may use now; with the second at which that must have been told anew.
local function publish(key, entry, time)
  entry.lent = retain(entry.lent, "drained", time)
  entry.borrowed = retain(entry.borrowed, "ends", time)
  local look, ends = FAR * 1000, FAR * 1000
  for _, loan in ipairs(entry.lent) do
    local at = time < loan.ends and loan.ends or time + DRAIN_MS
    look = at < look and at or look
  end
  for _, loan in ipairs(entry.borrowed) do
    ends = loan.ends < ends and loan.ends or ends
  end
  entry.look = ends < look and ends or look
  if #entry.lent + #entry.borrowed > 0 then
    local part = part_of(entry, time)
    core.set_map(shares_file, key, (part > 0 and part or 0) .. "|" .. (ends // 1000 + 1))
    entry.told = true
  elseif entry.told then
    core.del_map(shares_file, key)
    entry.told = false
  end
end

-- The part of the limit that was used in the periods that have not ended yet, rounded up, and whether it is in use now.
local function used_of(limit, replica_count)
  local key = limit.key
  if limit.counts == "anonymous" and not key:find(":", 1, true) then
    -- In a table of IPv6 addresses, where HAProxy itself finds an IPv4 address only if it is not given as text.
    key = "::ffff:" .. key
  end
  local counts = core.backends[limit.counts].stktable:lookup(key)
  if counts == nil then
    return 0, false
  end
  local whole = OWN * replica_count
  local used = ((counts.gpc1_rate or 0) * whole + limit.sustained - 1) // limit.sustained
  if limit.burst > 0 then
    local at_once = ((counts.gpc0_rate or 0) * whole + limit.burst - 1) // limit.burst
    used = at_once > used and at_once or used
  end
  return used, EXPIRE_MS[limit.counts] - counts.expire < IDLE_MS
end

-- A part that was borrowed is not lent for longer than it is borrowed.
local function duration(entry, time)
  local left = LOAN_MS
  for _, loan in ipairs(entry.borrowed) do
    left = loan.ends - time < left and loan.ends - time or left
  end
  return left
end

-- GET /share: the part that is lent and its milliseconds, or nothing. The borrower gives the number, so that it can return
-- a loan of which it never heard.
local function lend(limit, number, asked_replicas)
  local time, own_replicas = now(), replicas()
  if asked_replicas ~= own_replicas or own_replicas < 2 then
    return nil
  end
  local entry = entry_of(limit.key)
  if entry == nil then
    return nil
  end
  local used, active = used_of(limit, own_replicas)
  local free = part_of(entry, time) - used
  if active then
    free = free // 2
  end
  local lasts = duration(entry, time)
  if free < 1 or lasts < RENEW_MS or loan_count >= MAX_LOANS then
    publish(limit.key, entry, time)
    return nil
  end
  local ends = time + lasts + GRACE_MS
  loan_count = loan_count + 1
  entry.lent[#entry.lent + 1] = { number = number, part = free, used = free, ends = ends, drained = ends + PERIOD_MS }
  publish(limit.key, entry, time)
  return free .. ":" .. lasts
end

-- GET /loans: of each loan its number, what was used of it, what is still needed of it, and its key.
local function prolong(text)
  local time, prolonged = now(), {}
  for number, used, needed, key in text:gmatch("(%d+):(%d+):(%d+):([^,]+)") do
    local entry = keys[key]
    for _, loan in ipairs(entry and entry.lent or {}) do
      if loan.number == number and time < loan.ends then
        loan.part = smaller(tonumber(needed), loan.part)
        loan.used = smaller(tonumber(used), loan.part)
        if loan.part == 0 then
          loan.ends = time
        elseif part_of(entry, time) >= 0 then
          local lasts = duration(entry, time)
          loan.ends = time + lasts + GRACE_MS
          prolonged[#prolonged + 1] = number .. ":" .. lasts
        end
        loan.drained = loan.ends + PERIOD_MS
      end
    end
    if entry ~= nil then
      publish(key, entry, time)
    end
  end
  return table.concat(prolonged, ",")
end

-- Sends a request to another gateway, which answers in a header that is left out if it is empty; nothing without an answer.
local function ask(gateway, path, headers)
  headers["x-gateway"] = { gateway }
  local answer =
    core.httpclient():get({ url = "http://gateway" .. path, dst = outgoing, headers = headers, timeout = ANSWER_MS })
  if answer == nil or answer.status ~= 200 then
    silent[gateway] = now() + SILENCE_MS
    return nil
  end
  silent[gateway] = nil
  local said = answer.headers["x-answer"]
  return said and said[0] or ""
end

-- Tasks and requests outlive any one failure, which is logged.
local function guarded(action, ...)
  local well, problem = pcall(action, ...)
  if not well then
    core.log(core.err, "lending: " .. tostring(problem))
  end
end

local function borrow_from(gateway, limit, question)
  local asked = now()
  if (silent[gateway] or 0) > asked or loan_count >= MAX_LOANS then
    return
  end
  last_number = (last_number > 0 and last_number or asked * 1000) + 1
  local number = tostring(last_number)
  local said = ask(gateway, "/share", {
    ["x-key"] = { limit.key },
    ["x-counts"] = { limit.counts },
    ["x-limits"] = { number .. ":" .. limit.burst .. ":" .. limit.sustained .. ":" .. question.replicas },
  })
  local part, lasts = (said or "0:" .. LOAN_MS):match("^(%d+):(%d+)$")
  -- Not before: an entry without loans is dropped while the answer is waited for.
  local entry = entry_of(limit.key)
  if part ~= nil and entry ~= nil then
    -- Without an answer it may have been lent all the same: such a loan of nothing is returned like any other.
    loan_count = loan_count + 1
    entry.borrowed[#entry.borrowed + 1] =
      { number = number, part = tonumber(part), ends = asked + tonumber(lasts), gateway = gateway, limit = limit }
    question.gained = question.gained or said ~= nil
    publish(limit.key, entry, now())
  end
end

local function begin(limit)
  local question = { pending = 0, waiting = 0, gained = false, began = now(), replicas = replicas() }
  questions[limit.key] = question
  question_count = question_count + 1
  local gateways = others()
  question.pending = #gateways
  for _, gateway in ipairs(gateways) do
    core.register_task(function()
      guarded(borrow_from, gateway, limit, question)
      question.pending = question.pending - 1
    end)
  end
  return question
end

local function over(question, time)
  return question.pending <= 0 or time - question.began > WAIT_MS
end

-- Asks the others for more of a limit and waits for them. Streams end at any point of this, so it keeps no count of them.
local function borrow(limit)
  local time = now()
  local question = questions[limit.key]
  if question == nil then
    local entry = entry_of(limit.key)
    if entry == nil or entry.pause > time or question_count >= MAX_REQUESTS then
      return false
    end
    entry.pause = time + PAUSE_MS
    entry.look = entry.look < entry.pause and entry.look or entry.pause
    question = begin(limit)
  end
  question.waiting = question.waiting + 1
  if question.waiting > MAX_WAITING then
    return false
  end
  while not over(question, time) and not (question.gained and time - question.began > 10) do
    core.msleep(1)
    time = now()
  end
  return question.gained
end

local function limit_of(txn, counts)
  local client = counts == "clients"
  return {
    counts = counts,
    key = txn:get_var(client and "txn.client" or "txn.counter"),
    burst = client and 0 or tonumber(txn:get_var("txn.whole_burst")),
    sustained = tonumber(txn:get_var(client and "txn.whole_per_client" or "txn.whole_sustained")),
  }
end

local function borrow_for(txn, counts)
  local limit = limit_of(txn, counts)
  if limit.key ~= nil and limit.burst ~= nil and (limit.sustained or 0) > 0 and borrow(limit) then
    txn:set_var("txn.borrowed", 1)
  end
end

core.register_action("borrow", { "http-req" }, function(txn, counts)
  guarded(borrow_for, txn, counts)
end, 1)

local function answer_to(txn)
  local headers = txn.http:req_get_headers()
  local function header(name)
    return headers[name] and headers[name][0] or ""
  end
  local answer = ""
  if txn.sf:path() == "/share" then
    local number, burst, sustained, asked = header("x-limits"):match("^(%d+):(%d+):([1-9]%d*):(%d+)$")
    local key, counts = header("x-key"), header("x-counts")
    if burst ~= nil and #header("x-limits") < 64 and key:match("^[%w|.:/_-]+$") and #key <= 80 and EXPIRE_MS[counts] then
      local limit = { key = key, counts = counts, burst = tonumber(burst), sustained = tonumber(sustained) }
      answer = lend(limit, number, tonumber(asked)) or ""
    end
  else
    answer = prolong(header("x-loans"))
  end
  txn:set_var("txn.answer", answer)
end

core.register_action("lend", { "http-req" }, function(txn)
  guarded(answer_to, txn)
end)

local function report(gateway, batch)
  local asked, lines, by_number = now(), {}, {}
  for _, item in ipairs(batch) do
    lines[#lines + 1] = item.loan.number .. ":" .. item.used .. ":" .. item.loan.part .. ":" .. item.key
    by_number[item.loan.number] = item
  end
  local said = ask(gateway, "/loans", { ["x-loans"] = { table.concat(lines, ",") } })
  for number, lasts in (said or ""):gmatch("(%d+):(%d+)") do
    local item = by_number[number]
    if item ~= nil then
      item.loan.ends = asked + tonumber(lasts)
      publish(item.key, item.entry, now())
    end
  end
end

-- What to report of each loan of a key: how much of it was used, or lent on, beyond what this gateway has of its own, and
-- how much of it is needed. While the key is in use that is all of it.
local function settle(key, entry, time, replica_count, batches)
  local borrowed = borrowed_by(entry, time)
  local used, active = used_of(entry.borrowed[1].limit, replica_count)
  local beyond = used - part_of(entry, time) + borrowed
  for _, loan in ipairs(entry.borrowed) do
    local part = beyond > 0 and borrowed > 0 and smaller(loan.part, (beyond * loan.part + borrowed - 1) // borrowed) or 0
    local batch = batches[loan.gateway] or {}
    batches[loan.gateway] = batch
    batch[#batch + 1] = { key = key, entry = entry, loan = loan, used = part, part = active and loan.part or part }
  end
end

local function renew()
  local time, replica_count, batches = now(), replicas(), {}
  loan_count = 0
  for key, entry in pairs(keys) do
    loan_count = loan_count + #entry.lent + #entry.borrowed
    if #entry.borrowed > 0 then
      settle(key, entry, time, replica_count, batches)
    end
  end
  for _, batch in pairs(batches) do
    for _, item in ipairs(batch) do
      if item.part < item.loan.part or item.part == 0 then
        item.loan.part = item.part
        item.loan.ends = item.part > 0 and item.loan.ends or time
        publish(item.key, item.entry, time)
      end
    end
  end
  for gateway, batch in pairs(batches) do
    core.register_task(function()
      for first = 1, #batch, BATCH do
        guarded(report, gateway, table.move(batch, first, smaller(first + BATCH - 1, #batch), 1, {}))
      end
    end)
  end
end

local function sweep()
  local time = now()
  for key, question in pairs(questions) do
    if over(question, time) then
      questions[key] = nil
      question_count = question_count - 1
    end
  end
  for key, entry in pairs(keys) do
    if entry.look <= time then
      publish(key, entry, time)
      if not entry.told and entry.pause <= time then
        keys[key] = nil
        key_count = key_count - 1
      elseif not entry.told then
        entry.look = entry.pause
      end
    end
  end
end

-- For the operator: which of the others do not answer. Who is not asked for a share is greeted from time to time.
local function greet()
  local list = {}
  for _, gateway in ipairs(others()) do
    core.register_task(function()
      guarded(ask, gateway, "/loans", {})
    end)
    if silent[gateway] ~= nil then
      list[#list + 1] = gateway
    end
  end
  local text = table.concat(list, ",")
  if text ~= said_silent then
    said_silent = text
    core.set_map(meta_file, "silent", text == "" and "-" or text)
  end
end

local function every(pause, action)
  core.register_task(function()
    while true do
      core.msleep(pause)
      guarded(action)
    end
  end)
end

every(SWEEP_MS, sweep)
every(RENEW_MS, renew)
every(GREET_MS, greet)
