-- wrk's requests: random tiles with random keys of the file KEYS. HOSTILE adds that many bytes of query.
local keys = {}
for line in io.lines(os.getenv("KEYS")) do keys[#keys + 1] = line end
local hostile = tonumber(os.getenv("HOSTILE") or "0")
local tail = hostile > 0 and "&x=" .. string.rep("%2e%2f", math.floor(hostile / 6)) or ""

function init()
  math.randomseed(1)
end

function request()
  local path = "/tiles/countries/4/" .. math.random(0, 15) .. "/" .. math.random(0, 15) .. ".mvt?key="
  return wrk.format("GET", path .. keys[math.random(#keys)] .. tail)
end

-- PAUSE: milliseconds between an answer and the next request of its connection, on average. Irregular, as visitors are:
-- requests at one beat would wait for each other, and the time measured would be that of the beat.
local pause = tonumber(os.getenv("PAUSE") or "0")
if pause > 0 then
  function delay()
    return math.random(0, 2 * pause)
  end
end

function done(summary, latency)
  io.write(string.format("%d requests, p50 %.1f us, p99 %.1f us\n", summary.requests, latency:percentile(50), latency:percentile(99)))
end
