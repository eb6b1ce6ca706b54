package allod.s3;

import allod.http.Exchange;
import allod.http.Headers;
import allod.http.RequestBody;
import allod.http.ResponseBody;
import java.io.IOException;

/** An exchange whose answer, whatever it is, carries the headers that let a script of another origin read it. */
record CorsExchange(Exchange exchange, Headers more) implements Exchange {
    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String rawPath() {
        return exchange.rawPath();
    }

    @Override
    public String rawQuery() {
        return exchange.rawQuery();
    }

    @Override
    public Headers headers() {
        return exchange.headers();
    }

    @Override
    public String host() {
        return exchange.host();
    }

    @Override
    public String remoteAddress() {
        return exchange.remoteAddress();
    }

    @Override
    public String requestId() {
        return exchange.requestId();
    }

    @Override
    public void endpoint(String name) {
        exchange.endpoint(name);
    }

    @Override
    public boolean secure() {
        return exchange.secure();
    }

    @Override
    public RequestBody body() {
        return exchange.body();
    }

    @Override
    public ResponseBody respond(int status, Headers headers, long length) throws IOException {
        return exchange.respond(status, with(headers), length);
    }

    @Override
    public void respond(int status, Headers headers, byte[] body) throws IOException {
        exchange.respond(status, with(headers), body);
    }

    private Headers with(Headers headers) {
        return Headers.builder().addAll(headers).addAll(more).build();
    }

    @Override
    public boolean committed() {
        return exchange.committed();
    }

    @Override
    public int status() {
        return exchange.status();
    }
}
