package allod.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text with wildcards and variables: {@code *} is any run of characters, {@code ?} any one, <code>${name}</code> what
 * the request says of that key, taken literally; <code>${name, 'default'}</code> has a value for where it says nothing.
 * <code>${*}</code>, <code>${?}</code> and <code>${$}</code> are those characters themselves.
 */
final class Glob {
    /** One piece of a pattern. */
    private sealed interface Piece {
        record Literal(String text) implements Piece {}

        record Star() implements Piece {}

        record One() implements Piece {}

        record Variable(String key, Optional<String> otherwise) implements Piece {}
    }

    private final String text;
    private final List<Piece> pieces;

    /** What it is for every request, where no variable is in it. */
    private final Optional<Resolved> always;

    private Glob(String text, List<Piece> pieces) {
        this.text = text;
        this.pieces = pieces;
        this.always = pieces.stream().noneMatch(piece -> piece instanceof Piece.Variable)
                ? resolved(key -> List.of(), Effort.ofOne())
                : Optional.empty();
    }

    /**
     * Reads a pattern.
     *
     * @param variables whether <code>${...}</code> means anything, as it does since version 2012-10-17
     * @param wildcards whether {@code *} and {@code ?} do
     * @throws MalformedPolicyException if a variable is not closed or its key is not known
     */
    static Glob parse(String text, boolean variables, boolean wildcards) {
        var pieces = new ArrayList<Piece>();
        var literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (variables && text.startsWith("${", i)) {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw new MalformedPolicyException("The variable in " + text + " is not closed.");
                }
                String name = text.substring(i + 2, end);
                if (name.equals("*") || name.equals("?") || name.equals("$")) {
                    literal.append(name);
                } else {
                    flush(literal, pieces);
                    pieces.add(variable(name));
                }
                i = end;
            } else if (wildcards && (c == '*' || c == '?')) {
                flush(literal, pieces);
                pieces.add(c == '*' ? new Piece.Star() : new Piece.One());
            } else {
                literal.append(c);
            }
        }
        flush(literal, pieces);
        return new Glob(text, List.copyOf(pieces));
    }

    private static void flush(StringBuilder literal, List<Piece> pieces) {
        if (!literal.isEmpty()) {
            pieces.add(new Piece.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private static Piece variable(String inner) {
        int comma = inner.indexOf(',');
        String key = (comma < 0 ? inner : inner.substring(0, comma)).strip();
        Optional<String> otherwise = Optional.empty();
        if (comma >= 0) {
            String value = inner.substring(comma + 1).strip();
            if (value.length() < 2 || !value.startsWith("'") || !value.endsWith("'")) {
                throw new MalformedPolicyException("The default of the variable " + key + " is not in single quotes.");
            }
            otherwise = Optional.of(value.substring(1, value.length() - 1));
        }
        ConditionKey.require(key);
        return new Piece.Variable(key, otherwise);
    }

    /** The pattern as it was written. */
    String text() {
        return text;
    }

    /** Whether it stands for one text alone, whatever the request. */
    boolean isFixed() {
        return pieces.stream().allMatch(piece -> piece instanceof Piece.Literal);
    }

    /** The pattern for one request; empty if a variable has no value in it. */
    Optional<Resolved> resolve(Context context) {
        return resolve(context, Effort.ofOne());
    }

    Optional<Resolved> resolve(Context context, Effort effort) {
        return always.isPresent() ? always : resolved(context, effort);
    }

    private Optional<Resolved> resolved(Context context, Effort effort) {
        var characters = new StringBuilder();
        var special = new java.util.BitSet();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Literal(String literal) -> characters.append(literal);
                case Piece.Star() -> {
                    special.set(characters.length());
                    characters.append('*');
                }
                case Piece.One() -> {
                    special.set(characters.length());
                    characters.append('?');
                }
                case Piece.Variable(String key, Optional<String> otherwise) -> {
                    List<String> values = context.values(key);
                    Optional<String> value = values.size() == 1 ? Optional.of(values.get(0)) : otherwise;
                    if (value.isEmpty()) {
                        return Optional.empty();
                    }
                    // Many small variables stand for as many long headers.
                    effort.spend(value.get().length());
                    characters.append(value.get());
                }
            }
        }
        return Optional.of(new Resolved(characters.toString(), special));
    }

    /**
     * A pattern without variables.
     *
     * @param special where {@code *} and {@code ?} are wildcards and not themselves
     */
    record Resolved(String pattern, java.util.BitSet special) {
        boolean matches(String text, boolean ignoringCase) {
            return matches(text, ignoringCase, Effort.ofOne());
        }

        boolean matches(String text, boolean ignoringCase, Effort effort) {
            return ignoringCase ? matches(lower(pattern), lower(text), effort) : matches(pattern, text, effort);
        }

        /** Character by character, so that no character becomes two and the places of wildcards stay. */
        private static String lower(String text) {
            char[] chars = text.toCharArray();
            for (int i = 0; i < chars.length; i++) {
                chars[i] = Character.toLowerCase(chars[i]);
            }
            return new String(chars);
        }

        /** Goes back to the last star alone, so the work is bounded by the product of the lengths. */
        private boolean matches(String glob, String text, Effort effort) {
            int at = 0;
            int star = -1;
            int resume = 0;
            int i = 0;
            effort.spend(1);
            while (i < text.length()) {
                boolean wild = at < glob.length() && special.get(at);
                if (wild && glob.charAt(at) == '*') {
                    star = at++;
                    resume = i;
                } else if (at < glob.length() && (wild || glob.charAt(at) == text.charAt(i))) {
                    at++;
                    i++;
                } else if (star >= 0) {
                    effort.spend(at - star);
                    at = star + 1;
                    i = ++resume;
                } else {
                    return false;
                }
            }
            while (at < glob.length() && special.get(at) && glob.charAt(at) == '*') {
                at++;
            }
            return at == glob.length();
        }
    }
}
