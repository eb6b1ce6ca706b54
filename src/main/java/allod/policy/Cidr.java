package allod.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** A range of IP addresses, such as {@code 192.0.2.0/24} or {@code 2001:db8::/32}; a single address is a range of one. */
record Cidr(byte[] address, int bits) {
    /** Reads literals alone: nothing is ever looked up. */
    static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        Optional<byte[]> address = bytes(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int most = address.get().length * 8;
        int bits = slash < 0 ? most : number(text.substring(slash + 1));
        return bits < 0 || bits > most ? Optional.empty() : Optional.of(new Cidr(address.get(), bits));
    }

    private static int number(String digits) {
        return digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
                ? -1
                : Integer.parseInt(digits);
    }

    private static Optional<byte[]> bytes(String text) {
        boolean literal = !text.isEmpty()
                && text.length() <= 45
                && (text.indexOf(':') >= 0
                        ? text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.')
                        : text.matches("\\d{1,3}(\\.\\d{1,3}){3}"));
        if (!literal) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean contains(String text) {
        Optional<byte[]> other = bytes(text);
        if (other.isEmpty() || other.get().length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((address[bit >> 3] & mask) != (other.get()[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is so wide that it keeps hardly anybody out: below 8 bits, or below 32 of IPv6, as S3 counts. */
    boolean isPublic() {
        return bits < (address.length == 4 ? 8 : 32);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr(byte[] otherAddress, int otherBits)
                && bits == otherBits
                && Arrays.equals(address, otherAddress);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(address) + bits;
    }

    @Override
    public String toString() {
        return Arrays.toString(address) + "/" + bits;
    }
}
