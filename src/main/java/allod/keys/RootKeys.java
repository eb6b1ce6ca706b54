package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Gives roots' keys to their custodians and gets them back: whole to one, or divided among several. Asks first who
 * answered last, and no more of them than are needed.
 */
final class RootKeys {
    private static final byte[] PURPOSE = "allod/v1/root".getBytes(StandardCharsets.US_ASCII);

    private final Custodians custodians;
    private final RandomGenerator random;

    RootKeys(Custodians custodians, RandomGenerator random) {
        this.custodians = custodians;
        this.random = random;
    }

    /** What a wrapped root is bound to: the record that carries it, less the wraps. */
    static byte[] binding(RootRecord root) {
        return binding(root.domain(), root.generation(), root.intent(), root.rootPageId());
    }

    static byte[] binding(byte[] domain, long generation, RootRecord.Intent intent, byte[] rootPageId) {
        return ByteBuffer.allocate(PURPOSE.length + 16 + 8 + 8 + 8 + 32)
                .put(PURPOSE)
                .put(domain)
                .putLong(generation)
                .putLong(intent.attempt())
                .put(intent.label())
                .put(rootPageId)
                .array();
    }

    /** A root that is to be made. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Wanted(Domain domain, long generation, byte[] label, CustodyPlan plan, Optional<RootRecord> current) {
        boolean names(String custodian) {
            return plan.custodians().contains(custodian);
        }

        /** Whether it can be made, and the current root destroyed afterwards, without these custodians. */
        boolean possibleWithout(Set<String> absent) {
            long present = plan.custodians().stream()
                    .filter(id -> !absent.contains(id))
                    .count();
            return present >= plan.threshold()
                    && current.map(root -> dies(root, absent)).orElse(true);
        }
    }

    /** Whether a root is out of reach once all but these custodians have destroyed their part. */
    static boolean dies(RootRecord root, Set<String> absent) {
        long left = root.wraps().stream()
                .filter(wrap -> absent.contains(wrap.custodian()))
                .count();
        return left < root.plan().threshold();
    }

    /**
     * Has handles prepared, at all custodians of each root that answer.
     *
     * @return for each root the handles by custodian, at least as many as its threshold
     * @throws Problem CUSTODIAN_AWAY if too few answer to make a root, or to destroy the current one afterwards
     */
    List<Map<String, String>> prepare(List<Wanted> roots) {
        List<Map<String, String>> handles = new ArrayList<>();
        roots.forEach(root -> handles.add(new LinkedHashMap<>()));
        Map<String, Problem> away = new LinkedHashMap<>();
        Set<String> silent = custodians.silent();
        for (String id : everyCustodian(roots)) {
            List<Wanted> its = roots.stream().filter(root -> root.names(id)).toList();
            if (silent.contains(id) && its.stream().allMatch(root -> root.possibleWithout(silent))) {
                away.put(id, custodianAway(id, "it did not answer when it was last asked"));
                continue;
            }
            try {
                List<String> made = prepare(id, its);
                for (int i = 0; i < its.size(); i++) {
                    handles.get(roots.indexOf(its.get(i))).put(id, made.get(i));
                }
            } catch (Problem problem) {
                away.put(id, onlyAway(problem));
            }
        }
        for (Wanted root : roots) {
            root.current()
                    .ifPresent(current -> current.wraps().stream()
                            .map(RootRecord.Wrap::custodian)
                            .filter(id -> !root.names(id))
                            .forEach(id -> requireAnswer(id, away)));
            if (!root.possibleWithout(away.keySet())) {
                throw tooFew(root, away);
            }
        }
        return handles;
    }

    private static Set<String> everyCustodian(List<Wanted> roots) {
        Set<String> ids = new LinkedHashSet<>();
        roots.forEach(root -> ids.addAll(root.plan().custodians()));
        return ids;
    }

    private List<String> prepare(String id, List<Wanted> its) {
        List<ErasableCustodian.Preparation> preparations = new ArrayList<>();
        for (Wanted root : its) {
            preparations.add(new ErasableCustodian.Preparation(
                    root.domain(),
                    root.generation(),
                    root.label(),
                    root.current().flatMap(current -> current.wrapOf(id)).map(RootRecord.Wrap::handle)));
        }
        return asking(id, custodian -> custodian.prepare(preparations));
    }

    private void requireAnswer(String id, Map<String, Problem> away) {
        if (!away.containsKey(id) && !answers(id)) {
            away.put(id, custodianAway(id, "it does not answer"));
        }
    }

    /** Whether a custodian answers now. */
    boolean answers(String id) {
        try {
            boolean available = custodians.get(id).status() instanceof ErasableCustodian.Status.Available;
            if (available) {
                custodians.noteAnswer(id);
            }
            return available;
        } catch (Problem away) {
            return false;
        }
    }

    interface Question<T> {
        T of(ErasableCustodian custodian);
    }

    /** Asks a custodian, and remembers whether it answered. */
    <T> T asking(String id, Question<T> question) {
        try {
            T answer = question.of(custodians.get(id));
            custodians.noteAnswer(id);
            return answer;
        } catch (Problem problem) {
            if (problem.reason() == Reason.CUSTODIAN_AWAY) {
                custodians.noteSilent(id, problem);
            }
            throw problem;
        }
    }

    /** Gives the problem back if it says that a custodian is away; throws it otherwise. */
    private static Problem onlyAway(Problem problem) {
        if (problem.reason() != Reason.CUSTODIAN_AWAY) {
            throw problem;
        }
        return problem;
    }

    private static Problem custodianAway(String id, String why) {
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "Custodian " + id + " cannot be asked.",
                "Custodian " + id + ": " + why + ".",
                "Bring it back.");
    }

    private static Problem tooFew(Wanted root, Map<String, Problem> away) {
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "Nothing was erased or changed in " + root.domain() + ".",
                "Too few of its custodians (" + root.plan() + ") answer: " + reasons(away) + ".",
                "Bring them back; what waits is then done by itself.");
    }

    private static String reasons(Map<String, Problem> away) {
        List<String> reasons = new ArrayList<>();
        away.forEach((id, problem) -> reasons.add(id + " (" + problem.why() + ")"));
        return String.join(", ", reasons);
    }

    /**
     * Wraps a root's key, or a share of it for each handle.
     *
     * @throws Problem CUSTODIAN_AWAY if fewer than the threshold wrap it
     */
    List<RootRecord.Wrap> wrap(
            Domain domain, CustodyPlan plan, Map<String, String> handles, byte[] rootKey, byte[] binding) {
        int n = plan.custodians().size();
        byte[][] shares =
                plan.whole() ? new byte[][] {rootKey.clone()} : Shamir.split(rootKey, plan.threshold(), n, random);
        List<RootRecord.Wrap> wraps = new ArrayList<>();
        Map<String, Problem> away = new LinkedHashMap<>();
        for (int i = 0; i < n; i++) {
            String id = plan.custodians().get(i);
            String handle = handles.get(id);
            byte[] share = shares[i];
            if (handle != null) {
                try {
                    byte[] wrapped = asking(id, custodian -> custodian.wrap(domain, handle, share, binding));
                    wraps.add(new RootRecord.Wrap(id, handle, wrapped));
                } catch (Problem problem) {
                    away.put(id, onlyAway(problem));
                }
            }
            Arrays.fill(share, (byte) 0);
        }
        if (wraps.size() < plan.threshold()) {
            throw tooFew(new Wanted(domain, 0, new byte[0], plan, Optional.empty()), away);
        }
        return wraps;
    }

    /**
     * A root's key; the caller overwrites it after use.
     *
     * @throws Problem CUSTODIAN_AWAY, naming each custodian that did not give its part, if too few do; DAMAGED if what
     *     they gave does not make a key
     */
    byte[] unwrap(Domain domain, RootRecord root) {
        List<String> holders =
                root.wraps().stream().map(RootRecord.Wrap::custodian).toList();
        List<byte[]> parts = new ArrayList<>();
        Map<String, String> refused = new LinkedHashMap<>();
        for (String id : custodians.likelyFirst(holders)) {
            if (parts.size() < root.plan().threshold()) {
                unwrap(domain, root, id, parts, refused);
            }
        }
        try {
            if (parts.size() < root.plan().threshold()) {
                throw notOpened(domain, root, refused);
            }
            return joined(domain, root, parts);
        } finally {
            parts.forEach(part -> Arrays.fill(part, (byte) 0));
        }
    }

    private void unwrap(Domain domain, RootRecord root, String id, List<byte[]> parts, Map<String, String> refused) {
        RootRecord.Wrap wrap = root.wrapOf(id).orElseThrow();
        try {
            var answer =
                    asking(id, custodian -> custodian.unwrap(domain, wrap.handle(), wrap.wrapped(), binding(root)));
            switch (answer) {
                case ErasableCustodian.Unwrapped.Opened(byte[] part) -> parts.add(part);
                case ErasableCustodian.Unwrapped.NoSuchHandle(String words) -> refused.put(id, words);
            }
        } catch (Problem problem) {
            if (problem.reason() != Reason.CUSTODIAN_AWAY && root.plan().whole()) {
                throw problem;
            }
            refused.put(id, problem.why());
        }
    }

    private static byte[] joined(Domain domain, RootRecord root, List<byte[]> parts) {
        try {
            byte[] key = root.plan().whole() ? parts.getFirst().clone() : Shamir.combine(parts);
            if (key.length == OpenPage.KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // Told below: the shares do not belong together.
        }
        throw new Problem(
                Reason.DAMAGED,
                "The root key of " + domain + " cannot be opened.",
                "What the custodians gave for generation " + root.generation() + " does not make a key.",
                "Look at the custodians' logs; nothing was destroyed.");
    }

    private static Problem notOpened(Domain domain, RootRecord root, Map<String, String> refused) {
        List<String> answers = new ArrayList<>();
        refused.forEach((id, words) ->
                answers.add("custodian " + id + " answered for generation " + root.generation() + ": " + words));
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "The root key of " + domain + " cannot be opened.",
                "Of its custodians (" + root.plan() + ") too few opened it: "
                        + String.join("; ", answers).replaceAll("\\.+$", "") + ".",
                "Bring back the custodian or the custody folder that holds this key; nothing was destroyed.");
    }

    /**
     * Gets a root's key from all that wrapped it, and sees that every part belongs to the others.
     *
     * @throws Problem CUSTODIAN_AWAY if one does not answer; DAMAGED if a part is not of this key
     */
    byte[] unwrapFromAll(Domain domain, RootRecord root) {
        List<byte[]> parts = new ArrayList<>();
        Map<String, String> refused = new LinkedHashMap<>();
        root.wraps().forEach(wrap -> unwrap(domain, root, wrap.custodian(), parts, refused));
        try {
            if (!refused.isEmpty()) {
                throw notOpened(domain, root, refused);
            }
            int k = root.plan().threshold();
            byte[] key = joined(domain, root, parts.subList(0, k));
            for (int i = k; i < parts.size(); i++) {
                List<byte[]> others = new ArrayList<>(parts.subList(0, k - 1));
                others.add(parts.get(i));
                byte[] again = joined(domain, root, others);
                boolean same = Arrays.equals(key, again);
                Arrays.fill(again, (byte) 0);
                if (!same) {
                    throw new Problem(
                            Reason.DAMAGED,
                            "The root key of " + domain + " was not made.",
                            "Custodian " + root.wraps().get(i).custodian() + " gave another share than it was given.",
                            "Look at that custodian; nothing was destroyed.");
                }
            }
            return key;
        } finally {
            parts.forEach(part -> Arrays.fill(part, (byte) 0));
        }
    }
}
