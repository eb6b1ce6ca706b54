package allod;

import allod.base.AccessKeyId;
import allod.store.Store;
import allod.store.Tenant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first tenant and its access key: made while there is none, from the environment's pair or drawn. */
final class FirstStart {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private FirstStart() {}

    /** A pair that was drawn; the secret shows in no text but the one that is printed. */
    public record NewKey(AccessKeyId id, String secret) {
        @Override
        public String toString() {
            return "NewKey[" + id + "]";
        }
    }

    static Welcome welcome(Config config, Store store, SecureRandom random) throws IOException {
        List<Tenant> tenants = store.tenants().list();
        if (tenants.isEmpty()) {
            Tenant tenant = store.tenants().add(Allod.operator(), "default");
            return firstKey(config, store, random, tenant);
        }
        boolean noKeyYet = store.tenants().listKeys().isEmpty();
        if (noKeyYet) {
            // A crash came between the first tenant and its key.
            return firstKey(config, store, random, tenants.getFirst());
        }
        List<String> warnings = new ArrayList<>(store.custodyMirrors().warnings());
        mismatch(config, store).ifPresent(warnings::add);
        return new Welcome(false, Optional.empty(), List.copyOf(warnings), List.of());
    }

    private static Welcome firstKey(Config config, Store store, SecureRandom random, Tenant tenant) throws IOException {
        Optional<Config.FirstKey> given = config.firstKey();
        NewKey key = given.map(pair -> new NewKey(pair.id(), pair.secret())).orElseGet(() -> draw(random));
        store.tenants()
                .addKey(Allod.operator(), tenant.id(), key.id(), key.secret().getBytes(StandardCharsets.UTF_8));
        // A pair that the operator brought is known to him and is not printed.
        return new Welcome(true, given.isPresent() ? Optional.empty() : Optional.of(key), List.of(), List.of());
    }

    static NewKey draw(SecureRandom random) {
        return new NewKey(new AccessKeyId("AK" + letters(random, LETTERS, 18)), letters(random, SECRET_LETTERS, 40));
    }

    private static String letters(SecureRandom random, String alphabet, int count) {
        var text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** The environment's pair counts only at the first start: later it adds and revives nothing. */
    private static Optional<String> mismatch(Config config, Store store) {
        return config.firstKey()
                .filter(given -> store.tenants()
                        .find(given.id())
                        .filter(key -> MessageDigest.isEqual(
                                key.secret(), given.secret().getBytes(StandardCharsets.UTF_8)))
                        .isEmpty())
                .map(
                        given -> "ALLOD_ACCESS_KEY names " + given.id()
                                + ", which is not an enabled key with that secret."
                                + " The environment's pair is used only while there is no tenant; add keys with: allod key add.");
    }
}
