package allod.s3;

import java.util.Optional;

/** Numbers and other small values in queries. */
final class Parameters {
    private Parameters() {}

    /**
     * How many items a page may have.
     *
     * @param cap the most that is given, also where more is asked or nothing is said
     * @throws S3Refusal INVALID_ARGUMENT if it is no number from least to most
     */
    static int count(S3Request request, String name, int least, int most, int cap) {
        return request.parameter(name)
                .map(text -> Math.min(cap, number(name, text, least, most)))
                .orElse(cap);
    }

    /** @throws S3Refusal INVALID_ARGUMENT if it is no decimal number from least to most */
    static int number(String name, String text, int least, int most) {
        long number = text.isEmpty() || text.length() > 10 ? -1 : 0;
        for (int i = 0; number >= 0 && i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            number = digit < 0 || digit > 9 ? -1 : number * 10 + digit;
        }
        if (number < least || number > most) {
            throw S3Refusal.argument(
                    name,
                    text,
                    "Argument " + name + " must be an integer between " + least + " and " + most
                            + ". It is not. Correct" + " it.");
        }
        return (int) number;
    }

    /** Whether names in the answer are to be percent-encoded. */
    static boolean urlEncoding(S3Request request) {
        Optional<String> type = request.parameter("encoding-type");
        if (type.isPresent() && !type.get().equals("url")) {
            throw S3Refusal.argument(
                    "encoding-type",
                    type.get(),
                    "Invalid Encoding Method specified in Request. The one encoding is url. Ask for it or for none.");
        }
        return type.isPresent();
    }
}
