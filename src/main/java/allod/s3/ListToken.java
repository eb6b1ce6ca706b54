package allod.s3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Where the next page of a listing begins, as a client carries it: base64url, without padding, of a format byte and the
 * last item of the page before. It tells no more than that item's name, which the client has, and grants nothing.
 */
final class ListToken {
    private static final byte FORMAT = 1;

    private ListToken() {}

    static String of(byte[] last) {
        byte[] token = new byte[last.length + 1];
        token[0] = FORMAT;
        System.arraycopy(last, 0, token, 1, last.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    static String of(String last) {
        return of(last.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws S3Refusal INVALID_ARGUMENT for anything that {@link #of} does not give */
    static byte[] parse(String text) {
        try {
            byte[] token = Base64.getUrlDecoder().decode(text);
            if (token.length > 1 && token[0] == FORMAT) {
                byte[] last = Arrays.copyOfRange(token, 1, token.length);
                if (of(last).equals(text)) {
                    return last;
                }
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw unreadable(text);
    }

    /** The same for an item that is text. */
    static String parseText(String text) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(parse(text)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw unreadable(text);
        }
    }

    private static S3Refusal unreadable(String text) {
        return S3Refusal.argument(
                "continuation-token",
                text,
                "The continuation token provided is incorrect. No page of this server ended with it. Begin the listing"
                        + " anew.");
    }
}
