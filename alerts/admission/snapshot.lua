#!lua flags=no-writes
-- snapshot: incarnation, checkpoint and first unfinished record of a partition, as of one instant.
--
--   KEYS[1] incarnation  KEYS[2] checkpoints  KEYS[3] unfinished
--   ARGV[1] partition
--
-- Returns {incarnation, checkpoint, first unfinished member or ""}, or nothing where either is unknown.

local incarnation = redis.call("GET", KEYS[1])
local checkpoint = redis.call("HGET", KEYS[2], ARGV[1])
if not incarnation or not checkpoint then
  return nil
end
local first = redis.call("ZRANGEBYLEX", KEYS[3], "[" .. ARGV[1] .. "\0", "(" .. ARGV[1] .. "\1", "LIMIT", 0, 1)
return { incarnation, tonumber(checkpoint), first[1] or "" }
