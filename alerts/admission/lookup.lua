#!lua flags=no-writes
-- lookup: rows of the story memory, newest day first, and the story row of each row found.
--
--   KEYS[1] version  KEYS[2 …] memory:<day>, newest first
--   ARGV[1] msgpack [[field …], [which of KEYS are its days …]]
--   ARGV[2] length of a story's reference, with which its rows begin
--   ARGV[3] the same of fields that, where those days have none, are looked for in further days
--
-- A story row is looked for in all days.
--
-- Returns {version, field, row, field, row, …}.

local fields, days = unpack(cmsgpack.unpack(ARGV[1]))
local far_fields, far_days = unpack(cmsgpack.unpack(ARGV[3]))
local reference = tonumber(ARGV[2])
local reply = { redis.call("GET", KEYS[1]) or "0" }
-- unpack() may push a few thousand values at most: ask in pieces.
local PIECE = 1000

local function find(wanted, days)
  local found = {}
  for _, day in ipairs(days) do
    if #wanted == 0 then
      break
    end
    local missing = {}
    for first = 1, #wanted, PIECE do
      local piece = { unpack(wanted, first, math.min(first + PIECE - 1, #wanted)) }
      for i, row in ipairs(redis.call("HMGET", KEYS[day], unpack(piece))) do
        if row then
          found[#found + 1] = { piece[i], row }
        else
          missing[#missing + 1] = piece[i]
        end
      end
    end
    wanted = missing
  end
  return found
end

local seen, stories, near = {}, {}, {}
for _, field in ipairs(fields) do
  seen[field] = true
end
local function take(pairs_found)
  for _, pair in ipairs(pairs_found) do
    reply[#reply + 1] = pair[1]
    reply[#reply + 1] = pair[2]
    near[pair[1]] = true
    local story = "s:" .. string.sub(pair[2], 1, reference)
    if not seen[story] then
      seen[story] = true
      stories[#stories + 1] = story
    end
  end
end

take(find(fields, days))
local missing, all = {}, {}
for _, field in ipairs(far_fields) do
  if not near[field] then
    missing[#missing + 1] = field
  end
end
take(find(missing, far_days))
for key = 2, #KEYS do
  all[#all + 1] = key
end
for _, pair in ipairs(find(stories, all)) do
  reply[#reply + 1] = pair[1]
  reply[#reply + 1] = pair[2]
end
return reply
