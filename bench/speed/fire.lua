-- Each request of the file once: a path, a tab, a body in one line.
local requests, n = {}, 0
function init(args)
  for line in io.lines(args[1]) do
    local path, body = line:match("^(.-)\t(.*)$")
    requests[#requests + 1] = wrk.format("POST", path, nil, body)
  end
end
function request()
  n = n + 1
  if n >= #requests then wrk.thread:stop() end
  return requests[n] or requests[#requests]
end
function done(summary, latency, _)
  io.write(string.format("RESULT %d %d %d %d %f\n", summary.requests, summary.duration,
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout, latency:percentile(99)))
end
