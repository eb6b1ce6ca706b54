package allod.s3;

import allod.TestServer;
import allod.http.Headers;
import allod.http.RequestHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Requests that no client library would make, signed and written to the socket as they stand. */
final class Raw {
    private final TestServer server;
    private String host;
    private final Headers.Builder headers = Headers.builder();
    private boolean signed = true;
    private @Nullable String payload;

    private Raw(TestServer server) {
        this.server = server;
        this.host = "127.0.0.1:" + server.uri().getPort();
    }

    static Raw of(TestServer server) {
        return new Raw(server);
    }

    Raw host(String newHost) {
        host = newHost;
        return this;
    }

    Raw header(String name, String value) {
        headers.add(name, value);
        return this;
    }

    /** What is signed of the content, instead of its SHA-256. */
    Raw payload(String newPayload) {
        payload = newPayload;
        return this;
    }

    Raw unsigned() {
        signed = false;
        return this;
    }

    /** @param headers by lower-case name */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String code() {
            return XmlElement.parse(body, "Error").requiredText("Code");
        }
    }

    /** @param target path and query, as sent */
    Answer send(String method, String target, byte[] body) throws IOException {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        Headers all =
                Headers.builder().add("Host", host).addAll(headers.build()).build();
        if (signed) {
            all = server.signer()
                    .sign(new RequestHead(method, path, query, all), payload == null ? sha256(body) : payload)
                    .headers();
        }
        var text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        all.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        if (all.first("Content-Length").isEmpty()
                && all.first("Transfer-Encoding").isEmpty()) {
            text.append("Content-Length: ").append(body.length).append("\r\n");
        }
        text.append("Connection: close\r\n\r\n");
        try (Socket socket = server.connect()) {
            socket.setSoTimeout(10_000);
            var out = new ByteArrayOutputStream();
            out.writeBytes(text.toString().getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes(body);
            socket.getOutputStream().write(out.toByteArray());
            return parse(socket.getInputStream().readAllBytes());
        }
    }

    private static Answer parse(byte[] response) {
        String text = new String(response, StandardCharsets.ISO_8859_1);
        if (text.startsWith("HTTP/1.1 100 ")) {
            int head = text.indexOf("\r\n\r\n") + 4;
            return parse(java.util.Arrays.copyOfRange(response, head, response.length));
        }
        int end = text.indexOf("\r\n\r\n");
        String[] lines = text.substring(0, end).split("\r\n", -1);
        var headers = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        byte[] body = java.util.Arrays.copyOfRange(response, end + 4, response.length);
        return new Answer(Integer.parseInt(lines[0].substring(9, 12)), headers, body);
    }

    private static String sha256(byte[] body) {
        MessageDigest digest = ChecksumKind.digest("SHA-256");
        return HexFormat.of().formatHex(digest.digest(body));
    }
}
