package allod.keys.pkcs11;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import allod.base.Disk;
import allod.keys.CustodianMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** SoftHSM with a folder of tokens of its own. What it needs is Debian's package softhsm2; without it tests are skipped. */
public final class SoftHsm {
    public static final String PIN = "4711-correct";
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/softhsm/libsofthsm2.so"),
            Path.of("/usr/local/lib/softhsm/libsofthsm2.so"),
            Path.of("/opt/homebrew/lib/softhsm/libsofthsm2.so"));

    private final Path folder;
    private final Path configuration;

    /** Takes a new folder for the tokens; the module reads of it when it is next initialized in this process. */
    public SoftHsm(Path folder) throws IOException {
        assumeTrue(library().isPresent(), "SoftHSM is not installed (Debian: apt-get install softhsm2)");
        this.folder = folder;
        this.configuration = folder.resolve("softhsm2.conf");
        Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(
                configuration, "directories.tokendir = " + folder.resolve("tokens") + "\nlog.level = ERROR\n");
        use();
    }

    static Optional<Path> library() {
        return LIBRARIES.stream().filter(Files::exists).findFirst();
    }

    /** The environment for servers that are to use this folder. */
    public Path configuration() {
        return configuration;
    }

    public Path path() {
        return library().orElseThrow();
    }

    /** The module reads the environment of the process, which Java cannot change by itself. */
    @SuppressWarnings("restricted")
    void use() {
        Linker linker = Linker.nativeLinker();
        var setenv = linker.downcallHandle(
                linker.defaultLookup().find("setenv").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int)
                    setenv.invoke(arena.allocateFrom("SOFTHSM2_CONF"), arena.allocateFrom(configuration.toString()), 1);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a token; its PIN is {@link #PIN}. */
    public void token(String label) throws IOException, InterruptedException {
        var command = new ProcessBuilder(
                "softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", PIN);
        command.environment().put("SOFTHSM2_CONF", configuration.toString());
        Process process = command.redirectErrorStream(true)
                .redirectOutput(folder.resolve("util.log").toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(Files.readString(folder.resolve("util.log")));
        }
    }

    /** A custodian on a token; what it remembers stands in the folder. */
    public Pkcs11Custodian custodian(String token, Path memory) throws IOException {
        Pkcs11Settings settings = settings(token, false);
        return new Pkcs11Custodian(
                settings, new CustodianMemory(List.of(memory), settings.id(), Disk.real()), new SecureRandom());
    }

    Pkcs11Settings settings(String token, boolean validated) throws IOException {
        Path pin = folder.resolve("pin");
        Files.writeString(pin, PIN + "\n");
        return new Pkcs11Settings("hsm-1", path(), token, pin, validated);
    }
}
