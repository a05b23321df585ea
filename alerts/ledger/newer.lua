#!lua flags=no-writes
-- newer: lines of a log with their places, oldest first, after a place; and whether the reader missed some.
--
--   KEYS[1] the log, a stream
--   ARGV[1] the place, or "" for where the log ends  ARGV[2] how many lines  ARGV[3] how many lines the log keeps
--
-- Returns {gap, place after the last line, id, line, id, line, …}.

local function parts(id)
  local first, second = string.match(id, "^(%d+)-(%d+)$")
  return tonumber(first), tonumber(second)
end
local function before(one, other)
  local a, b = parts(one)
  local c, d = parts(other)
  return a < c or (a == c and b < d)
end

local newest = redis.call("XREVRANGE", KEYS[1], "+", "-", "COUNT", 1)
local last = newest[1] and newest[1][1] or "0-0"
local after, gap = ARGV[1], "none"
if after == "" or after == last then
  return { gap, last }
end
if before(last, after) then
  after, gap = "0-0", "lost"
elseif redis.call("XLEN", KEYS[1]) >= tonumber(ARGV[3]) then
  local oldest = redis.call("XRANGE", KEYS[1], "-", "+", "COUNT", 1)
  if before(after, oldest[1][1]) then
    gap = "dropped"
  end
end
local entries = redis.call("XRANGE", KEYS[1], "(" .. after, "+", "COUNT", ARGV[2])
local reply = { gap, after }
for _, entry in ipairs(entries) do
  reply[2] = entry[1]
  reply[#reply + 1] = entry[1]
  reply[#reply + 1] = entry[2][2]
end
return reply
