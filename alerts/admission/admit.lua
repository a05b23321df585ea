#!lua
-- admit: everything that one partition batch leads to, in one step.
--
--   KEYS[1] incarnation   KEYS[2] version     KEYS[3] checkpoints  KEYS[4] unfinished  KEYS[5] pins
--   KEYS[6] deliveries    KEYS[7] ready       KEYS[8] sequence     KEYS[9] queue       KEYS[10] receivers
--   KEYS[11] outcomes     KEYS[12] decisions   KEYS[13] told         KEYS[14] pending     KEYS[15] backlog
--   KEYS[16] digested     KEYS[17] misses     KEYS[18] seen         KEYS[19] seen_before  KEYS[20] alerts
--   KEYS[21] groups       KEYS[22] group_told  KEYS[23] urgent       KEYS[24] amended
--   KEYS[25] withheld     KEYS[26] withheld_times
--   KEYS[27 …]            memory:<day>, as many as ARGV[2] says, then due:<receiver>, as many as ARGV[3] says,
--                         then pending:<group>
--   ARGV[1]  msgpack [incarnation, partition, a, b, version, next_version, now_ms, keep_ms, decisions_kept, records,
--             misses_kept, seen, seen_bytes, alerts_kept, urgent_ahead_ms]
--            record = [offset, outcome, [[day, field, row] …], [[receiver, name, id, lane, bytes, urgent 0|1] …],
--                      [[group, name, id, bytes, due, interval] …] for pending ones, [id …] of repeats, decision,
--                      miss, [line …] of alerts, [[amended, [id …]] …] of corrections: what still waits is shown so]
--            day, receiver and group are positions, from 1, among their kind in KEYS; due is 0 for a backlog, whose
--            group is called as its receiver is
--            row, bytes, decision, miss, lines, amended and seen are positions in ARGV: cmsgpack reads no binary
--            strings; 0 is none
--   ARGV[2]  how many memory keys there are  ARGV[3] how many due keys
--   ARGV[4 …] rows, bytes, lines, what was seen
--
-- Returns {answer, checkpoint}. Safe to repeat: records below the checkpoint are skipped whole, and a delivery
-- that was ever added, ready or pending, is not added again, whatever became of it (``told`` remembers for keep_ms).
-- Nothing is written before every argument was looked at, because a script that fails half-way is not rolled back;
-- without allow-oom a full server refuses it before its first line.

local batch = cmsgpack.unpack(ARGV[1])
local incarnation, partition, a, b = batch[1], batch[2], batch[3], batch[4]
local version, next_version, now, keep, decisions_kept = batch[5], batch[6], batch[7], batch[8], batch[9]
local records = batch[10]
local misses_kept, seen, seen_bytes, alerts_kept, urgent_ahead = batch[11], batch[12], batch[13], batch[14], batch[15]
local days, dues = tonumber(ARGV[2]), tonumber(ARGV[3])
local FIRST_DAY = 26
local FIRST_DUE = FIRST_DAY + days
local FIRST_PENDING = FIRST_DUE + dues

if redis.call("GET", KEYS[1]) ~= incarnation then
  return { "lost", 0 }
end
local checkpoint = tonumber(redis.call("HGET", KEYS[3], partition))
if not checkpoint then
  return { "lost", 0 }
end
if a > checkpoint then
  return { "gap", checkpoint }
end
if b <= checkpoint then
  return { "done", checkpoint }
end

if seen ~= 0 and not ARGV[seen] then
  return redis.error_reply("RASID batch: what was seen is missing")
end
local touches_memory = false
for _, record in ipairs(records) do
  if type(record[1]) ~= "number" or type(record[2]) ~= "string" then
    return redis.error_reply("RASID record: offset or outcome has the wrong type")
  end
  if (record[7] ~= 0 and not ARGV[record[7]]) or (record[8] ~= 0 and not ARGV[record[8]]) then
    return redis.error_reply("RASID record: a line of a log is missing")
  end
  for _, line in ipairs(record[9]) do
    if not ARGV[line] then
      return redis.error_reply("RASID record: a line of the log of alerts is missing")
    end
  end
  for _, amendment in ipairs(record[10]) do
    if not ARGV[amendment[1]] or type(amendment[2]) ~= "table" then
      return redis.error_reply("RASID record: a correction has the wrong shape")
    end
  end
  if record[1] >= checkpoint then
    for _, write in ipairs(record[3]) do
      if write[1] < 1 or write[1] > days or type(write[2]) ~= "string" or not ARGV[write[3]] then
        return redis.error_reply("RASID record: a memory write has the wrong shape")
      end
      touches_memory = true
    end
    for _, delivery in ipairs(record[4]) do
      if delivery[1] < 1 or delivery[1] > dues or not ARGV[delivery[5]] then
        return redis.error_reply("RASID record: a delivery has the wrong shape")
      end
      touches_memory = true
    end
    for _, pending in ipairs(record[5]) do
      if
        pending[1] < 1
        or not KEYS[FIRST_PENDING + pending[1]]
        or not ARGV[pending[4]]
        or type(pending[5]) ~= "number"
        or type(pending[6]) ~= "number"
      then
        return redis.error_reply("RASID record: a pending delivery has the wrong shape")
      end
      touches_memory = true
    end
    if #record[6] > 0 then
      touches_memory = true
    end
  end
end
if touches_memory and (redis.call("GET", KEYS[2]) or "0") ~= version then
  return { "retry", checkpoint }
end

-- What holds the records of a delivery: itself while it is ready or pending, the digest that it went out in after.
local function holder(id)
  if redis.call("HEXISTS", KEYS[6], id) == 1 or redis.call("HEXISTS", KEYS[14], id) == 1 then
    return id
  end
  return redis.call("HGET", KEYS[16], id)
end

-- Calls of one command on one key are made together: a batch has thousands of rows, and a call costs more than a row.
-- Nothing below reads what waits here but through ``fresh``.
local PIECE = 1000 -- unpack() may push a few thousand values at most
local waiting = {}
local function put(command, key, ...)
  waiting[key] = waiting[key] or { command, key }
  local call = waiting[key]
  for _, argument in ipairs({ ... }) do
    call[#call + 1] = argument
  end
  if #call > PIECE then
    redis.call(unpack(call))
    waiting[key] = nil
  end
end

-- All pins of a delivery are freed at once, so the least of each partition is enough.
local fresh = {} -- deliveries added by this batch: pinned by the first record that led to them
local function pinned(id)
  local held = redis.call("HGET", KEYS[5], id)
  return held and cmsgpack.unpack(held) or {}
end
local function member(offset, id)
  return partition .. "\0" .. string.format("%020d", offset) .. "\0" .. id
end
local function pin(offset, id)
  if fresh[id] then
    return
  end
  id = holder(id)
  if not id then
    return
  end
  local members = pinned(id)
  local own = partition .. "\0"
  for _, each in ipairs(members) do
    if string.sub(each, 1, #own) == own and tonumber(string.sub(each, #own + 1, #own + 20)) <= offset then
      return
    end
  end
  members[#members + 1] = member(offset, id)
  redis.call("ZADD", KEYS[4], 0, members[#members])
  redis.call("HSET", KEYS[5], id, cmsgpack.pack(members))
end
local function pin_fresh(offset, id)
  local members = pinned(id) -- of a death long ago that the parked topic was never told of
  members[#members + 1] = member(offset, id)
  fresh[id] = true
  put("ZADD", KEYS[4], 0, members[#members])
  put("HSET", KEYS[5], id, cmsgpack.pack(members))
end

-- A lane that is lent, or whose head failed, keeps its time.
local function due(key, lane, urgent)
  if urgent == 1 then
    redis.call("SADD", KEYS[23], lane)
    if tonumber(redis.call("ZSCORE", key, lane) or 0) <= now then
      redis.call("ZADD", key, "LT", now - urgent_ahead, lane)
    end
  else
    redis.call("ZADD", key, "NX", now, lane)
  end
end

-- Whether a delivery is added: what was ever added is not, but for what waited and was then withheld.
local any_withheld = redis.call("EXISTS", KEYS[25]) == 1
local function is_new(id)
  if redis.call("ZADD", KEYS[13], "NX", now, id) == 0 then
    return false
  end
  if any_withheld and redis.call("HDEL", KEYS[25], id) == 1 then
    redis.call("ZREM", KEYS[26], id)
  end
  return true
end

local outcomes, receivers, backlogs, rows = {}, {}, {}, {}
local waits = {} -- pending ones added by this batch
local sequence
for _, record in ipairs(records) do
  local offset = record[1]
  if offset >= checkpoint then
    for _, write in ipairs(record[3]) do
      rows[write[1]] = rows[write[1]] or {}
      rows[write[1]][write[2]] = ARGV[write[3]] -- the later of two holds
    end
    for _, delivery in ipairs(record[4]) do
      local receiver, name, id, lane, bytes, urgent = unpack(delivery)
      if is_new(id) then
        sequence = (sequence or tonumber(redis.call("GET", KEYS[8]) or 0)) + 1
        put("HSET", KEYS[6], id, ARGV[bytes])
        put("ZADD", KEYS[9], 0, lane .. "\0" .. string.format("%020d", sequence) .. "\0" .. id)
        put("ZADD", KEYS[7], now, id)
        due(KEYS[FIRST_DUE + receiver], lane, urgent)
        receivers[name] = (receivers[name] or 0) + 1
        pin_fresh(offset, id)
      else
        pin(offset, id)
      end
    end
    for _, pending in ipairs(record[5]) do
      local group, name, id, bytes, due, interval = unpack(pending)
      if is_new(id) then
        put("HSET", KEYS[14], id, ARGV[bytes])
        put("ZADD", KEYS[FIRST_PENDING + group], now, id)
        if due == 0 then
          backlogs[name] = (backlogs[name] or 0) + 1
        else -- as ``due_ms`` in alerts/pacing/pacing.py
          local told = redis.call("ZSCORE", KEYS[22], name)
          redis.call("ZADD", KEYS[21], "LT", told and math.max(due, math.min(tonumber(told), now) + interval) or due, name)
        end
        pin_fresh(offset, id)
        waits[id] = true
      else
        pin(offset, id)
      end
    end
    for _, amendment in ipairs(record[10]) do
      for _, id in ipairs(amendment[2]) do
        if waits[id] or redis.call("HEXISTS", KEYS[14], id) == 1 then
          redis.call("HSET", KEYS[24], id, ARGV[amendment[1]])
        end
      end
    end
    for _, id in ipairs(record[6]) do
      pin(offset, id)
    end
    if record[7] ~= 0 then
      redis.call("XADD", KEYS[12], "MAXLEN", "~", decisions_kept, "*", "line", ARGV[record[7]])
    end
    if record[8] ~= 0 then
      redis.call("XADD", KEYS[17], "MAXLEN", "~", misses_kept, "*", "line", ARGV[record[8]])
    end
    for _, line in ipairs(record[9]) do
      redis.call("XADD", KEYS[20], "MAXLEN", "~", alerts_kept, "*", "line", ARGV[line])
    end
    outcomes[record[2]] = (outcomes[record[2]] or 0) + 1
  end
end
for day, fields in pairs(rows) do
  for field, row in pairs(fields) do
    put("HSET", KEYS[FIRST_DAY + day], field, row)
  end
end
for _, call in pairs(waiting) do
  redis.call(unpack(call))
end
if sequence then
  redis.call("SET", KEYS[8], string.format("%d", sequence))
end
for name, count in pairs(receivers) do
  redis.call("HINCRBY", KEYS[10], name, count)
end
for name, count in pairs(backlogs) do
  redis.call("HINCRBY", KEYS[15], name, count)
end
for day in pairs(rows) do
  redis.call("PEXPIRE", KEYS[FIRST_DAY + day], keep)
end
if seen ~= 0 and redis.call("APPEND", KEYS[18], ARGV[seen]) >= seen_bytes then
  redis.call("UNLINK", KEYS[19])
  redis.call("RENAME", KEYS[18], KEYS[19])
end
for outcome, count in pairs(outcomes) do
  redis.call("HINCRBY", KEYS[11], outcome, count)
end
if touches_memory then
  redis.call("SET", KEYS[2], next_version)
  -- A few at a time: as many are forgotten as can have been added.
  for _, id in ipairs(redis.call("ZRANGEBYSCORE", KEYS[13], "-inf", now - keep, "LIMIT", 0, 1000)) do
    if not holder(id) then
      redis.call("ZREM", KEYS[13], id)
    end
  end
end
redis.call("HSET", KEYS[3], partition, string.format("%d", b))
return { "done", b }
