package allod.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy file, line by line; a name is known from the line after the one that defines it. Names are compared as
 * bytes: the file is read one character a byte, and only keys and what is shown are decoded as UTF-8.
 */
final class PolicyParser {
    private final List<WitnessPolicy.TrustedLog> logs = new ArrayList<>();
    private final List<WitnessPolicy.TrustedWitness> witnesses = new ArrayList<>();
    private final Map<String, WitnessPolicy.Rule> named = new HashMap<>();
    private final Set<String> members = new HashSet<>();
    private int groups;
    private WitnessPolicy.@Nullable Rule quorum;

    WitnessPolicy parse(byte[] file) {
        Strict.atMost(file.length, WitnessPolicy.MAX_BYTES, "policy");
        String all = new String(file, StandardCharsets.ISO_8859_1);
        if (!all.isEmpty() && !all.endsWith("\n")) {
            throw new MalformedException("policy's last line is not ended by a line feed");
        }
        String[] lines = all.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            try {
                line(lines[i]);
            } catch (MalformedException e) {
                throw new MalformedException("policy line " + (i + 1) + ": " + e.why());
            }
        }
        if (quorum == null) {
            throw new MalformedException("policy has no quorum line; write \"quorum none\" to ask for no witness");
        }
        return new WitnessPolicy(logs, witnesses, quorum);
    }

    private void line(String line) {
        if (line.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7F)) {
            throw new MalformedException("it has a control character");
        }
        List<String> words = Arrays.stream(line.split("[ \t]+"))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.isEmpty() || words.getFirst().startsWith("#")) {
            return;
        }
        switch (words.getFirst()) {
            case "log" -> log(words);
            case "witness" -> witness(words);
            case "group" -> group(words);
            case "quorum" -> quorum(words);
            default ->
                throw new MalformedException(
                        "it starts with none of log, witness, group, quorum: " + shown(words.getFirst()));
        }
    }

    private void log(List<String> words) {
        words(words, 2, 3, "log VKEY [URL]");
        limit(logs.size(), "logs");
        VerifierKey key = key(words.get(1));
        if (key.type() == SignatureType.COSIGNATURE_ED25519) {
            throw new MalformedException("a witness's key cannot be a log's");
        }
        unused(key);
        logs.add(new WitnessPolicy.TrustedLog(key, url(words, 2)));
    }

    private void witness(List<String> words) {
        words(words, 3, 4, "witness NAME VKEY [URL]");
        limit(witnesses.size(), "witnesses");
        VerifierKey key = key(words.get(2));
        if (!key.type().isCosignature()) {
            throw new MalformedException("a log's key cannot be a witness's");
        }
        unused(key);
        define(words.get(1), new WitnessPolicy.Rule.One(key));
        witnesses.add(new WitnessPolicy.TrustedWitness(utf8(words.get(1)), key, url(words, 3)));
    }

    private void group(List<String> words) {
        words(words, 4, Integer.MAX_VALUE, "group NAME all|any|NUMBER MEMBER...");
        limit(groups, "groups");
        List<WitnessPolicy.Rule> rules = new ArrayList<>();
        for (String member : words.subList(3, words.size())) {
            rules.add(known(member));
            if (!members.add(member)) {
                throw new MalformedException(shown(member) + " is a member twice");
            }
        }
        define(words.get(1), new WitnessPolicy.Rule.AtLeast(threshold(words.get(2), rules.size()), List.copyOf(rules)));
        groups++;
    }

    private static int threshold(String word, int size) {
        return switch (word) {
            case "all" -> size;
            case "any" -> 1;
            default -> {
                long k = Strict.decimal(word, "threshold");
                if (k < 1 || k > size) {
                    throw new MalformedException("threshold " + k + " is not 1 to " + size);
                }
                yield (int) k;
            }
        };
    }

    private void quorum(List<String> words) {
        words(words, 2, 2, "quorum NAME");
        if (quorum != null) {
            throw new MalformedException("it is a second quorum line");
        }
        quorum = words.get(1).equals("none") ? new WitnessPolicy.Rule.Nothing() : known(words.get(1));
    }

    private WitnessPolicy.Rule known(String name) {
        WitnessPolicy.Rule rule = named.get(name);
        if (rule == null) {
            throw new MalformedException(shown(name) + " is not defined on a line before");
        }
        return rule;
    }

    private void define(String name, WitnessPolicy.Rule rule) {
        if (name.equals("none") || named.putIfAbsent(name, rule) != null) {
            throw new MalformedException(shown(name) + " is already a name");
        }
    }

    /** The same key twice, under whatever names, would let one signer count as two. */
    private void unused(VerifierKey key) {
        boolean used = logs.stream().anyMatch(log -> log.key().wrapsSameKeyAs(key))
                || witnesses.stream().anyMatch(witness -> witness.key().wrapsSameKeyAs(key));
        if (used) {
            throw new MalformedException("the same public key stands on another line");
        }
    }

    private static VerifierKey key(String word) {
        return VerifierKey.parse(utf8(word));
    }

    private static Optional<String> url(List<String> words, int at) {
        return words.size() > at ? Optional.of(utf8(words.get(at))) : Optional.empty();
    }

    /** Names and URLs are opaque; where one is no UTF-8 it is shown with replacement characters. */
    private static String utf8(String word) {
        return new String(word.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String shown(String word) {
        return Strict.shown(utf8(word));
    }

    private static void words(List<String> words, int atLeast, int atMost, String form) {
        if (words.size() < atLeast || words.size() > atMost) {
            throw new MalformedException("it does not read " + form);
        }
    }

    private static void limit(int used, String what) {
        if (used == WitnessPolicy.MAX_EACH) {
            throw new MalformedException("there are more than " + WitnessPolicy.MAX_EACH + " " + what);
        }
    }
}
