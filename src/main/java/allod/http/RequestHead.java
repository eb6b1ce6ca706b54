package allod.http;

/**
 * What of a request a signature covers, apart from its content.
 *
 * @param method the method, such as {@code PUT}
 * @param rawPath the path exactly as sent, beginning with a slash
 * @param rawQuery what follows the question mark, exactly as sent; empty if there is none
 * @param headers the headers, Host among them
 */
public record RequestHead(String method, String rawPath, String rawQuery, Headers headers) {
    public RequestHead {
        if (method.isEmpty() || !rawPath.startsWith("/")) {
            throw new IllegalArgumentException("a request has a method and a path that begins with a slash");
        }
    }
}
