#!lua flags=no-writes
-- scan: lines of a log, newest first, that contain any of some pieces of text.
--
--   KEYS[1] the log, a stream
--   ARGV[1] where to begin: + for the newest, else (id for what is older than that
--   ARGV[2] how many lines to look at
--   ARGV[3 …] pieces of text; none: every line
--
-- Returns {id to go on from or "", line, line, …}.

local entries = redis.call("XREVRANGE", KEYS[1], ARGV[1], "-", "COUNT", ARGV[2])
local reply = { #entries == tonumber(ARGV[2]) and entries[#entries][1] or "" }
for _, entry in ipairs(entries) do
  local line = entry[2][2]
  local wanted = #ARGV == 2
  for piece = 3, #ARGV do
    if string.find(line, ARGV[piece], 1, true) then
      wanted = true
      break
    end
  end
  if wanted then
    reply[#reply + 1] = line
  end
end
return reply
