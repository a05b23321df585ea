#!lua
-- skip: move a checkpoint over offsets that no longer exist, and count them; or back, where a partition was made anew.
--
--   KEYS[1] incarnation  KEYS[2] checkpoints  KEYS[3] outcomes
--   ARGV[1] partition  ARGV[2] incarnation  ARGV[3] first lost offset  ARGV[4] end of the lost ones  ARGV[5] reason
--
-- Returns {answer, checkpoint}. Safe to repeat: a checkpoint at or past the end is left alone.

if redis.call("GET", KEYS[1]) ~= ARGV[2] then
  return { "lost", 0 }
end
local checkpoint = tonumber(redis.call("HGET", KEYS[2], ARGV[1]))
if not checkpoint then
  return { "lost", 0 }
end
local start, stop = tonumber(ARGV[3]), tonumber(ARGV[4])
if stop < start then
  -- Anew: only from exactly where the caller stood, so that whoever reads it already is not sent back again.
  if checkpoint ~= start then
    return { "gap", checkpoint }
  end
elseif checkpoint >= stop then
  return { "done", checkpoint }
elseif checkpoint < start then
  return { "gap", checkpoint }
end
redis.call("HINCRBY", KEYS[3], "skipped:" .. ARGV[5], math.max(0, stop - checkpoint))
redis.call("HSET", KEYS[2], ARGV[1], ARGV[4])
return { "done", stop }
