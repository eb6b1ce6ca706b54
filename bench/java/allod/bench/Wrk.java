package allod.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs wrk over a list of paths, one after the other from one thread, and reads what it counted. */
final class Wrk {
    private static final String SCRIPT = """
            local paths, at, body = {}, 0, nil
            function init(args)
              for line in io.lines("PATHS") do paths[#paths + 1] = line end
              if SIZE > 0 then body = string.rep("x", SIZE) end
            end
            function request()
              at = at + 1
              if at > #paths then
                if ONCE then wrk.thread:stop() end
                at = 1
              end
              return wrk.format("METHOD", paths[at], nil, body)
            end
            function done(summary, latency, requests)
              local e = summary.errors
              io.write(string.format("RESULT %d %d %d %d %d %d %d %d\\n", summary.requests, summary.duration,
                e.status, e.connect + e.read + e.write, e.timeout,
                latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
            end
            """;

    private Wrk() {}

    /**
     * One measurement.
     *
     * @param requests answered
     * @param micros from start to end
     * @param refused answers of status 400 and above
     * @param broken connections that failed, and answers that took over a minute
     * @param p50 median latency, microseconds; then the 99th and the 99.9th percentile
     */
    record Result(long requests, long micros, long refused, long broken, long p50, long p99, long p999) {}

    /** @param once whether each path is asked for once only, and the measurement ends with the list */
    static Result run(
            Path folder,
            URI endpoint,
            String method,
            List<String> paths,
            int contentBytes,
            boolean once,
            int connections,
            int seconds)
            throws IOException {
        Path list = Files.write(folder.resolve("paths.txt"), paths);
        Path script = Files.writeString(
                folder.resolve("load.lua"), script(list, method, contentBytes, once));
        Process wrk = new ProcessBuilder(
                        "wrk",
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "--timeout",
                        "60s",
                        "-s",
                        script.toString(),
                        endpoint.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return output.lines()
                .filter(line -> line.startsWith("RESULT "))
                .findFirst()
                .map(Wrk::parse)
                .orElseThrow(() -> new IOException("wrk failed:\n" + output));
    }

    private static String script(Path list, String method, int contentBytes, boolean once) {
        return SCRIPT.replace("PATHS", list.toString())
                .replace("METHOD", method)
                .replace("SIZE", Integer.toString(contentBytes))
                .replace("ONCE", Boolean.toString(once));
    }

    private static Result parse(String line) {
        String[] words = line.split(" ", -1);
        long[] numbers = new long[8];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Long.parseLong(words[i + 1]);
        }
        return new Result(
                numbers[0], numbers[1], numbers[2], numbers[3] + numbers[4], numbers[5], numbers[6], numbers[7]);
    }
}
