#!lua flags=no-writes
-- older: lines of a log with their places, newest first, that contain each of some pieces of text.
--
--   KEYS[1] the log, a stream
--   ARGV[1] where to begin: + for the newest, else (id for what is older than that
--   ARGV[2] how many lines to look at
--   ARGV[3 …] pieces of text; none: every line
--
-- Returns {id to go on from or "", id, line, id, line, …}.

if ARGV[1] == "(0-0" then
  return { "" } -- nothing is before it, and the server has no name for that
end
local entries = redis.call("XREVRANGE", KEYS[1], ARGV[1], "-", "COUNT", ARGV[2])
local reply = { #entries == tonumber(ARGV[2]) and entries[#entries][1] or "" }
for _, entry in ipairs(entries) do
  local line, wanted = entry[2][2], true
  for piece = 3, #ARGV do
    if not string.find(line, ARGV[piece], 1, true) then
      wanted = false
      break
    end
  end
  if wanted then
    reply[#reply + 1] = entry[1]
    reply[#reply + 1] = line
  end
end
return reply
