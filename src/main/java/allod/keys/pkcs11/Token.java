package allod.keys.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import allod.keys.pkcs11.Cryptoki.Function;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One token with one session, logged in. Memory outside the heap that held a secret is overwritten before it is given
 * back. For use by one thread at a time.
 */
final class Token implements AutoCloseable {
    private static final long USER = 1;
    private static final long AES_KEY_GEN = 0x1080;
    private static final long AES_GCM = 0x1087;
    private static final int TAG_BITS = 128;
    private static final int MAX_PIN_BYTES = 1024;
    private static final int FOUND_AT_ONCE = 64;

    /** Most secret keys looked at on one token. */
    static final int MAX_OBJECTS = 16_384;

    private final Cryptoki module;
    private final Cryptoki.TokenInfo info;
    private final long session;

    /**
     * A secret key on the token.
     *
     * @param object the module's handle of it, for this session
     * @param id CKA_ID in hexadecimal
     */
    record Key(long object, String label, String id) {}

    private Token(Cryptoki module, Cryptoki.TokenInfo info, long session) {
        this.module = module;
        this.info = info;
        this.session = session;
    }

    /** Finds the token by its label and logs in. */
    static Token open(Cryptoki module, Pkcs11Settings settings) throws Pkcs11Exception, IOException {
        List<Cryptoki.TokenInfo> tokens = module.tokens();
        List<Cryptoki.TokenInfo> named = tokens.stream()
                .filter(token -> token.label().equals(settings.token()))
                .toList();
        if (named.size() != 1) {
            throw new Pkcs11Exception(named.size() + " tokens have that label; present are "
                    + tokens.stream().map(Cryptoki.TokenInfo::label).toList());
        }
        Cryptoki.TokenInfo info = named.getFirst();
        Token token = new Token(module, info, module.openSession(info.slot()));
        boolean done = false;
        try {
            token.logIn(settings);
            done = true;
            return token;
        } finally {
            if (!done) {
                token.close();
            }
        }
    }

    private void logIn(Pkcs11Settings settings) throws Pkcs11Exception, IOException {
        byte[] pin = pin(settings);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, pin);
            long result = module.returned(Function.LOGIN, session, USER, bytes, (long) pin.length);
            bytes.fill((byte) 0);
            // Login counts for the whole process: another custodian may be logged in on the same token.
            if (result != 0 && result != Pkcs11Exception.USER_ALREADY_LOGGED_IN) {
                throw new Pkcs11Exception("C_Login", result);
            }
        } finally {
            Arrays.fill(pin, (byte) 0);
        }
    }

    private static byte[] pin(Pkcs11Settings settings) throws IOException {
        try {
            if (Files.size(settings.pinFile()) > MAX_PIN_BYTES) {
                throw new IOException("pin-file " + settings.pinFile() + " is longer than " + MAX_PIN_BYTES + " bytes");
            }
            byte[] whole = Files.readAllBytes(settings.pinFile());
            int end = whole.length;
            while (end > 0 && (whole[end - 1] == '\n' || whole[end - 1] == '\r')) {
                end--;
            }
            byte[] pin = Arrays.copyOf(whole, end);
            Arrays.fill(whole, (byte) 0);
            if (end == 0) {
                throw new IOException("pin-file " + settings.pinFile() + " is empty");
            }
            return pin;
        } catch (NoSuchFileException e) {
            throw new IOException("pin-file " + settings.pinFile() + " is not there", e);
        }
    }

    Cryptoki.TokenInfo info() {
        return info;
    }

    /**
     * Makes an AES-256 key that cannot leave the token. It is made as an object of the token at once, so there is no
     * session object beside it that would still decrypt after it is destroyed.
     */
    void generate(String label, byte[] id) throws Pkcs11Exception {
        Attributes template = new Attributes()
                .number(Attributes.CLASS, Attributes.SECRET_KEY)
                .number(Attributes.KEY_TYPE, Attributes.AES)
                .number(Attributes.VALUE_LEN, 32)
                .bytes(Attributes.LABEL, label.getBytes(StandardCharsets.US_ASCII))
                .bytes(Attributes.ID, id)
                .flags(
                        true,
                        Attributes.TOKEN,
                        Attributes.PRIVATE,
                        Attributes.SENSITIVE,
                        Attributes.ENCRYPT,
                        Attributes.DECRYPT)
                .flags(
                        false,
                        Attributes.EXTRACTABLE,
                        Attributes.WRAP,
                        Attributes.UNWRAP,
                        Attributes.SIGN,
                        Attributes.DERIVE);
        try (Arena arena = Arena.ofConfined()) {
            module.call(
                    Function.GENERATE_KEY,
                    session,
                    mechanism(arena, AES_KEY_GEN, MemorySegment.NULL, 0),
                    template.in(arena),
                    template.count(),
                    arena.allocate(JAVA_LONG));
        }
    }

    /** How the key is not held as it was asked for: made on the token, never to be seen outside it. */
    Optional<String> unfit(Key key) throws Pkcs11Exception {
        for (var required : Attributes.REQUIRED.entrySet()) {
            byte[] value = attribute(key.object(), required.getKey());
            if (value.length != 1 || value[0] != 1) {
                return Optional.of(required.getValue() + " is not true");
            }
        }
        byte[] extractable = attribute(key.object(), Attributes.EXTRACTABLE);
        return extractable.length == 1 && extractable[0] == 0
                ? Optional.empty()
                : Optional.of("CKA_EXTRACTABLE is not false");
    }

    /** Every secret key that this login can see, whatever it is called; session objects too. */
    List<Key> secretKeys() throws Pkcs11Exception {
        return find(new Attributes().number(Attributes.CLASS, Attributes.SECRET_KEY));
    }

    /** The secret keys of a label; more than one where somebody made another. */
    List<Key> labelled(String label) throws Pkcs11Exception {
        return find(new Attributes()
                .number(Attributes.CLASS, Attributes.SECRET_KEY)
                .bytes(Attributes.LABEL, label.getBytes(StandardCharsets.US_ASCII)));
    }

    private List<Key> find(Attributes template) throws Pkcs11Exception {
        List<Key> keys = new ArrayList<>();
        for (long object : objects(template)) {
            String label = new String(attribute(object, Attributes.LABEL), StandardCharsets.UTF_8);
            keys.add(new Key(object, label, HexFormat.of().formatHex(attribute(object, Attributes.ID))));
        }
        return keys;
    }

    private List<Long> objects(Attributes template) throws Pkcs11Exception {
        List<Long> objects = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            module.call(Function.FIND_OBJECTS_INIT, session, template.in(arena), template.count());
            try {
                MemorySegment found = arena.allocate(JAVA_LONG, FOUND_AT_ONCE);
                MemorySegment count = arena.allocate(JAVA_LONG);
                do {
                    module.call(Function.FIND_OBJECTS, session, found, (long) FOUND_AT_ONCE, count);
                    for (int i = 0; i < Math.min(FOUND_AT_ONCE, count.get(JAVA_LONG, 0)); i++) {
                        objects.add(found.getAtIndex(JAVA_LONG, i));
                    }
                    if (objects.size() > MAX_OBJECTS) {
                        throw new Pkcs11Exception("it holds more than " + MAX_OBJECTS + " secret keys");
                    }
                } while (count.get(JAVA_LONG, 0) > 0);
            } finally {
                long _ = module.returned(Function.FIND_OBJECTS_FINAL, session);
            }
        }
        return objects;
    }

    /** An attribute's value; empty where the object has none, or one longer than any of ours. */
    private byte[] attribute(long object, long type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(512);
            MemorySegment attribute = arena.allocate(Attributes.BYTES, 8);
            Attributes.set(attribute, 0, type, value, value.byteSize());
            long result = module.returned(Function.GET_ATTRIBUTE_VALUE, session, object, attribute, 1L);
            long length = attribute.get(JAVA_LONG, 16);
            return result == 0 && length >= 0 && length <= value.byteSize()
                    ? value.asSlice(0, length).toArray(JAVA_BYTE)
                    : new byte[0];
        }
    }

    void destroy(Key key) throws Pkcs11Exception {
        module.call(Function.DESTROY_OBJECT, session, key.object());
    }

    byte[] encrypt(Key key, byte[] nonce, byte[] aad, byte[] plain) throws Pkcs11Exception {
        return crypt(Function.ENCRYPT_INIT, Function.ENCRYPT, key, nonce, aad, plain);
    }

    /** @throws Pkcs11Exception if the key is not the one, or the bytes or what they are bound to are not what it made */
    byte[] decrypt(Key key, byte[] nonce, byte[] aad, byte[] sealed) throws Pkcs11Exception {
        return crypt(Function.DECRYPT_INIT, Function.DECRYPT, key, nonce, aad, sealed);
    }

    private byte[] crypt(Function init, Function run, Key key, byte[] nonce, byte[] aad, byte[] bytes)
            throws Pkcs11Exception {
        try (Arena arena = Arena.ofConfined()) {
            // CK_GCM_PARAMS: pIv, ulIvLen, ulIvBits, pAAD, ulAADLen, ulTagBits.
            MemorySegment parameters = arena.allocate(48, 8);
            parameters.set(ADDRESS, 0, arena.allocateFrom(JAVA_BYTE, nonce));
            parameters.set(JAVA_LONG, 8, nonce.length);
            parameters.set(JAVA_LONG, 16, nonce.length * 8L);
            parameters.set(ADDRESS, 24, arena.allocateFrom(JAVA_BYTE, aad));
            parameters.set(JAVA_LONG, 32, aad.length);
            parameters.set(JAVA_LONG, 40, TAG_BITS);
            MemorySegment mechanism = mechanism(arena, AES_GCM, parameters, parameters.byteSize());
            MemorySegment in = arena.allocateFrom(JAVA_BYTE, bytes);
            MemorySegment out = arena.allocate(bytes.length + 64L);
            MemorySegment length = arena.allocate(JAVA_LONG);
            length.set(JAVA_LONG, 0, out.byteSize());
            try {
                module.call(init, session, mechanism, key.object());
                module.call(run, session, in, (long) bytes.length, out, length);
                return out.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
            } finally {
                in.fill((byte) 0);
                out.fill((byte) 0);
            }
        }
    }

    /** CK_MECHANISM: mechanism, pParameter, ulParameterLen. */
    private static MemorySegment mechanism(Arena arena, long type, MemorySegment parameter, long length) {
        MemorySegment mechanism = arena.allocate(24, 8);
        mechanism.set(JAVA_LONG, 0, type);
        mechanism.set(ADDRESS, 8, parameter);
        mechanism.set(JAVA_LONG, 16, length);
        return mechanism;
    }

    /** Copies a key under another label and id, as who has the PIN may do. */
    void copy(Key key, String label, byte[] id) throws Pkcs11Exception {
        Attributes template = new Attributes()
                .bytes(Attributes.LABEL, label.getBytes(StandardCharsets.US_ASCII))
                .bytes(Attributes.ID, id);
        try (Arena arena = Arena.ofConfined()) {
            module.call(
                    Function.COPY_OBJECT,
                    session,
                    key.object(),
                    template.in(arena),
                    template.count(),
                    arena.allocate(JAVA_LONG));
        }
    }

    @Override
    public void close() {
        // A session that is gone already has nothing to close.
        long _ = module.returned(Function.CLOSE_SESSION, session);
    }
}
