#!lua flags=no-writes
-- list: some deliveries of one standing, the newest first.
--
--   KEYS[1] sorted set of them, by the moment  KEYS[2] hash of their bytes
--   ARGV[1] msgpack [finished, since_ms, from_ms or -1, behind, look, most, receiver, [lane …]]: finished is 1 where
--           three words stand before the bytes (see settle); not older than since_ms, not newer
--           than from_ms, and of that moment only those behind this id ("" for all); look at so many, find so many
--
-- Returns {how many were looked at, ms and id of the last one looked at or "" and "", id, ms, id, ms, …}.
-- Bytes are a msgpack array of under 16 elements that begins with id, receiver and, of what is not pending, lane.

local finished, since, from, behind, look, most, receiver, lanes = unpack(cmsgpack.unpack(ARGV[1]))

local function is_wanted(id)
  if receiver == "" and #lanes == 0 then
    return true
  end
  local held = redis.call("HGET", KEYS[2], id)
  if not held then
    return false
  end
  local at = 1 + (finished == 1 and string.match(held, "^%S+ %d+ %d+ ()") or 1)
  local _, name, lane
  _, at = text_at(held, at)
  name, at = text_at(held, at)
  if receiver ~= "" and name ~= receiver then
    return false
  end
  if #lanes == 0 then
    return true
  end
  lane = text_at(held, at)
  for _, each in ipairs(lanes) do
    if each == lane then
      return true
    end
  end
  return false
end

local rank = 0
if from >= 0 then
  local moment = string.format("%d", from)
  rank = redis.call("ZCOUNT", KEYS[1], "(" .. moment, "+inf")
  while behind ~= "" do
    local some = redis.call("ZREVRANGE", KEYS[1], rank, rank + 99, "WITHSCORES")
    local passed = 0
    for at = 1, #some, 2 do
      if tonumber(some[at + 1]) < from or some[at] < behind then
        break
      end
      passed = passed + 1
    end
    rank = rank + passed
    if passed < 100 then
      break
    end
  end
end

local reply = { 0, "", "" }
local entries = redis.call("ZREVRANGE", KEYS[1], rank, rank + look - 1, "WITHSCORES")
for at = 1, #entries, 2 do
  local id, moment = entries[at], entries[at + 1]
  if tonumber(moment) < since then
    reply[2], reply[3] = "", ""
    return reply
  end
  reply[1], reply[2], reply[3] = reply[1] + 1, moment, id
  if is_wanted(id) then
    reply[#reply + 1] = id
    reply[#reply + 1] = moment
    if #reply >= 3 + 2 * most then
      return reply
    end
  end
end
if #entries < 2 * look then
  reply[2], reply[3] = "", ""
end
return reply
