package allod.http;

/**
 * A place to listen at.
 *
 * @param host a name or a numeric address; IPv6 without brackets; {@code 0.0.0.0} or {@code ::} for every interface
 * @param port 0 to 65535; 0 asks for any free port
 */
public record Address(String host, int port) {
    /** @throws IllegalArgumentException if the host is empty or the port out of range */
    public Address {
        if (host.isEmpty() || port < 0 || port > 65535) {
            throw new IllegalArgumentException("not an address to listen at: '" + host + "' port " + port);
        }
    }

    /**
     * Reads {@code HOST:PORT} or {@code [IPV6]:PORT}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("an address is HOST:PORT, not: " + text);
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an IPv6 address stands in brackets, as [::1]:9000, not: " + text);
        }
        return new Address(host, Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
