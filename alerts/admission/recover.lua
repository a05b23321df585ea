#!lua
-- recover: adopt the incarnation that stands, else begin one; give the partition a checkpoint if it has none.
--
--   KEYS[1] incarnation  KEYS[2] checkpoints  KEYS[3] unfinished  KEYS[4] layout
--   ARGV[1] partition  ARGV[2] start  ARGV[3] incarnation to begin  ARGV[4] layout
--
-- Returns {layout that stands, incarnation, checkpoint, first unfinished member or ""}.
-- Safe to repeat: what stands is never replaced, so two processes never reset each other.

redis.call("SET", KEYS[4], ARGV[4], "NX")
local layout = redis.call("GET", KEYS[4])
if layout ~= ARGV[4] then
  return { layout, "", 0, "" }
end
redis.call("SET", KEYS[1], ARGV[3], "NX")
redis.call("HSETNX", KEYS[2], ARGV[1], ARGV[2])
local first = redis.call("ZRANGEBYLEX", KEYS[3], "[" .. ARGV[1] .. "\0", "(" .. ARGV[1] .. "\1", "LIMIT", 0, 1)
return { layout, redis.call("GET", KEYS[1]), tonumber(redis.call("HGET", KEYS[2], ARGV[1])), first[1] or "" }
