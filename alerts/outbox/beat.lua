#!lua flags=allow-oom
-- beat: one process takes it upon itself to send a receiver's heartbeat for a slot of time.
--
--   KEYS[1] beats  ARGV[1] receiver  ARGV[2] slot
--
-- Returns 1 to the first who asks for this slot, 0 to every other, and for the slot before: the clocks of two processes
-- differ a little. Where a later one was taken still, a clock was ahead, or slots were shorter: that must not silence
-- the heartbeats until then. Not safe to repeat: who never heard the answer has lost the slot, and a heartbeat that is
-- missing is what its receiver looks out for.

local last, slot = tonumber(redis.call("HGET", KEYS[1], ARGV[1]) or -1), tonumber(ARGV[2])
if slot == last or slot == last - 1 then
  return 0
end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2])
return 1
