package allod.keys.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The functions of one PKCS#11 module, loaded once for all custodians that use it and finalized with the last. For
 * machines where C's {@code unsigned long} has 64 bits and structures are aligned as C aligns them, so not for Windows.
 */
final class Cryptoki implements AutoCloseable {
    private static final long RW_SERIAL_SESSION = 0x06;
    private static final long OS_LOCKING_OK = 0x02;

    /** Most slots looked at. */
    private static final int MAX_SLOTS = 256;

    private static final Map<Path, Cryptoki> LOADED = new HashMap<>();

    private final Path library;

    /** Keeps the library loaded for as long as this object is reachable. */
    private final Arena arena = Arena.ofAuto();

    private final Map<Function, MethodHandle> functions = new EnumMap<>(Function.class);
    private int users;

    /**
     * What is called, by its place in CK_FUNCTION_LIST (2.40, pkcs11f.h) and the sorts of its arguments: p for a pointer,
     * u for an unsigned long, b for a byte.
     */
    enum Function {
        INITIALIZE("C_Initialize", 0, "p"),
        FINALIZE("C_Finalize", 1, "p"),
        GET_SLOT_LIST("C_GetSlotList", 4, "bpp"),
        GET_TOKEN_INFO("C_GetTokenInfo", 6, "up"),
        OPEN_SESSION("C_OpenSession", 12, "uuppp"),
        CLOSE_SESSION("C_CloseSession", 13, "u"),
        LOGIN("C_Login", 18, "uupu"),
        DESTROY_OBJECT("C_DestroyObject", 22, "uu"),
        GET_ATTRIBUTE_VALUE("C_GetAttributeValue", 24, "uupu"),
        FIND_OBJECTS_INIT("C_FindObjectsInit", 26, "upu"),
        FIND_OBJECTS("C_FindObjects", 27, "upup"),
        FIND_OBJECTS_FINAL("C_FindObjectsFinal", 28, "u"),
        ENCRYPT_INIT("C_EncryptInit", 29, "upu"),
        ENCRYPT("C_Encrypt", 30, "upupp"),
        DECRYPT_INIT("C_DecryptInit", 33, "upu"),
        DECRYPT("C_Decrypt", 34, "upupp"),
        GENERATE_KEY("C_GenerateKey", 58, "uppup"),
        /** Not used by the custodian: what an administrator may do to a key of ours. */
        COPY_OBJECT("C_CopyObject", 21, "uupup");

        private static final int LAST_PLACE = 58;
        private final String spelled;
        private final int place;
        private final String arguments;

        Function(String spelled, int place, String arguments) {
            this.spelled = spelled;
            this.place = place;
            this.arguments = arguments;
        }

        private FunctionDescriptor descriptor() {
            MemoryLayout[] layouts = arguments
                    .chars()
                    .mapToObj(c -> (MemoryLayout) (c == 'p' ? ADDRESS : c == 'b' ? JAVA_BYTE : JAVA_LONG))
                    .toArray(MemoryLayout[]::new);
            return FunctionDescriptor.of(JAVA_LONG, layouts);
        }
    }

    private Cryptoki(Path library) throws Pkcs11Exception {
        this.library = library;
        load();
        initialize();
    }

    /** Takes the module into use, loading and initializing it for the first user. */
    static Cryptoki use(Path library) throws Pkcs11Exception {
        synchronized (LOADED) {
            Cryptoki module = LOADED.get(library);
            if (module == null) {
                module = new Cryptoki(library);
                LOADED.put(library, module);
            }
            module.users++;
            return module;
        }
    }

    @SuppressWarnings("restricted") // calling the module is what this class is for; ./allod allows it
    private void load() throws Pkcs11Exception {
        Linker linker = Linker.nativeLinker();
        MemoryLayout unsignedLong =
                Objects.requireNonNull(linker.canonicalLayouts().get("long"));
        if (unsignedLong.byteSize() != JAVA_LONG.byteSize()) {
            throw new Pkcs11Exception("PKCS#11 modules cannot be called on this kind of machine");
        }
        MemorySegment getFunctionList;
        try {
            getFunctionList = SymbolLookup.libraryLookup(library, arena)
                    .find("C_GetFunctionList")
                    .orElseThrow(() -> new Pkcs11Exception(library + " has no C_GetFunctionList"));
        } catch (IllegalArgumentException e) {
            throw new Pkcs11Exception(library + " cannot be loaded as a library");
        }
        MemorySegment pointer = arena.allocate(ADDRESS);
        check(
                "C_GetFunctionList",
                invoke(linker.downcallHandle(getFunctionList, FunctionDescriptor.of(JAVA_LONG, ADDRESS)), pointer));
        // CK_VERSION has two bytes; the pointers follow at their own alignment.
        MemorySegment list = pointer.get(ADDRESS, 0).reinterpret(ADDRESS.byteSize() * (Function.LAST_PLACE + 2L));
        for (Function function : Function.values()) {
            MemorySegment entry = list.get(ADDRESS, ADDRESS.byteSize() * (function.place + 1L));
            functions.put(function, linker.downcallHandle(entry, function.descriptor()));
        }
    }

    private void initialize() throws Pkcs11Exception {
        // CK_C_INITIALIZE_ARGS: four functions that are left out, flags, reserved.
        MemorySegment args = arena.allocate(ADDRESS.byteSize() * 6, ADDRESS.byteAlignment());
        args.set(JAVA_LONG, ADDRESS.byteSize() * 4, OS_LOCKING_OK);
        long result = returned(Function.INITIALIZE, args);
        if (result != Pkcs11Exception.CRYPTOKI_ALREADY_INITIALIZED) {
            check("C_Initialize", result);
        }
    }

    /** Calls a function and tells what it returned. */
    long returned(Function function, Object... arguments) {
        return invoke(Objects.requireNonNull(functions.get(function)), arguments);
    }

    /** Calls a function that must return CKR_OK. */
    void call(Function function, Object... arguments) throws Pkcs11Exception {
        check(function.spelled, returned(function, arguments));
    }

    private static long invoke(MethodHandle handle, Object... arguments) {
        try {
            return (long) handle.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of the module threw", e);
        }
    }

    private static void check(String function, long result) throws Pkcs11Exception {
        if (result != 0) {
            throw new Pkcs11Exception(function, result);
        }
    }

    /**
     * A token that is present.
     *
     * @param label without the blanks that fill it up
     * @param maker the manufacturer's name for itself
     * @param model the manufacturer's name for the device
     */
    record TokenInfo(long slot, String label, String maker, String model) {
        /** Software that keeps its objects in files or memory says so of itself. */
        boolean isSoftware() {
            String whole = (maker + " " + model).toLowerCase(Locale.ROOT);
            return whole.contains("soft") || whole.contains("kryoptic") || whole.contains("nss");
        }
    }

    /** The tokens that are present now. */
    List<TokenInfo> tokens() throws Pkcs11Exception {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment count = local.allocate(JAVA_LONG);
            MemorySegment slots = local.allocate(JAVA_LONG, MAX_SLOTS);
            count.set(JAVA_LONG, 0, MAX_SLOTS);
            call(Function.GET_SLOT_LIST, (byte) 1, slots, count);
            List<TokenInfo> tokens = new ArrayList<>();
            for (int i = 0; i < Math.min(count.get(JAVA_LONG, 0), MAX_SLOTS); i++) {
                long slot = slots.getAtIndex(JAVA_LONG, i);
                // CK_TOKEN_INFO begins with label 32, manufacturerID 32, model 16; the whole has 208 bytes.
                MemorySegment info = local.allocate(256, 8);
                if (returned(Function.GET_TOKEN_INFO, slot, info) == 0) {
                    tokens.add(new TokenInfo(slot, text(info, 0, 32), text(info, 32, 32), text(info, 64, 16)));
                }
            }
            return tokens;
        }
    }

    private static String text(MemorySegment info, long at, int length) {
        byte[] bytes = info.asSlice(at, length).toArray(JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8)
                .replaceAll("[^ -~]+", " ")
                .stripTrailing();
    }

    long openSession(long slot) throws Pkcs11Exception {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment session = local.allocate(JAVA_LONG);
            call(Function.OPEN_SESSION, slot, RW_SERIAL_SESSION, MemorySegment.NULL, MemorySegment.NULL, session);
            return session.get(JAVA_LONG, 0);
        }
    }

    /** Gives the module back; the last user finalizes it. */
    @Override
    public void close() {
        synchronized (LOADED) {
            users--;
            if (users == 0) {
                LOADED.remove(library);
                // Nothing can be done about a module that does not end in order.
                long _ = returned(Function.FINALIZE, MemorySegment.NULL);
            }
        }
    }
}
