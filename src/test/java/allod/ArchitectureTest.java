package allod;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which package may use which, as ARCHITECTURE.md draws it; each rule is also seen to catch a breach of it. */
class ArchitectureTest {
    /** The root package itself, which wires the rest. */
    private static final String WIRING = "";

    /** For each package, the packages of ours that it may use besides its own. One that is not named here may not be. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("base", Set.of()),
            entry("pact", Set.of()),
            entry("log", Set.of()),
            entry("keys", Set.of("base")),
            entry("receipt", Set.of("base", "log", "pact", "keys")),
            entry("store", Set.of("base", "log", "pact", "keys", "receipt")),
            entry("http", Set.of("base")),
            // Policies are read and decided at the S3 address, and kept by the store as bytes.
            entry("policy", Set.of()),
            entry("s3", Set.of("base", "store", "http", "log", "receipt", "pact", "policy")),
            // Sessions are asked for at the S3 address, in a service and in words of their own.
            entry("sts", Set.of("base", "store", "http", "policy")),
            entry("rights", Set.of("base", "store", "http", "log", "receipt", "pact")),
            entry("admin", Set.of("base", "store", "http", "log", "receipt", "pact")),
            entry("exchange", Set.of("base", "store", "http", "log", "receipt", "pact")),
            entry("console", Set.of("base", "store", "http", "log", "receipt", "pact", "rights")),
            entry("backup", Set.of("base", "store")),
            entry("audit", Set.of("base", "log", "pact", "receipt")),
            entry("demo", Set.of(WIRING, "base", "log", "keys", "receipt", "audit", "http")),
            entry(
                    "cli",
                    Set.of(
                            WIRING,
                            "base",
                            "pact",
                            "log",
                            "keys",
                            "receipt",
                            "store",
                            "http",
                            "s3",
                            "rights",
                            "admin",
                            "exchange",
                            "console",
                            "audit",
                            "backup",
                            "demo")),
            entry(
                    WIRING,
                    Set.of(
                            "base",
                            "pact",
                            "policy",
                            "log",
                            "keys",
                            "receipt",
                            "store",
                            "http",
                            "s3",
                            "sts",
                            "rights",
                            "admin",
                            "exchange",
                            "console")));

    /** These use the JDK alone. */
    private static final Set<String> JDK_ONLY = Set.of("pact", "log");

    /** What a receipt may know of keys: the public headers, never a key. */
    private static final Set<String> PUBLIC_KEY_TYPES =
            Set.of("PageHeader", "RootRecord", "RootOutline", "CustodyPlan", "Evidence", "AssuranceClass");

    @Test
    void no_package_uses_one_that_the_table_does_not_give_it() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("allod");
        assertThat(classes).isNotEmpty();
        assertThat(breaches("allod", classes)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            log_uses_base             | log.Leaf uses base.Shared
            base_uses_log             | base.Shared uses log.Leaf
            pact_uses_base            | pact.Rule uses base.Shared
            pact_uses_a_library       | pact.Rule uses org.slf4j.Logger
            log_uses_a_library        | log.Leaf uses org.slf4j.Logger
            keys_uses_store           | keys.PageHeader uses store.Rows
            receipt_uses_an_envelope  | receipt.Check uses keys.Envelope
            store_uses_s3             | store.Rows uses s3.Router
            http_uses_store           | http.Listener uses store.Rows
            s3_uses_rights            | s3.Router uses rights.Api
            rights_uses_admin         | rights.Api uses admin.Socket
            admin_uses_s3             | admin.Socket uses s3.Router
            s3_uses_keys              | s3.Router uses keys.Envelope
            audit_uses_store          | audit.Verifier uses store.Rows
            audit_reaches_floe        | audit reaches receipt.FloeHeaders
            audit_reaches_a_custodian | audit reaches keys.FileCustodian
            store_uses_cli            | store.Rows uses cli.Main
            attack_uses_store         | demo.attack.OldCopyAttack uses store.Rows
            unknown_package           | misc.Thing is in no known package
            """)
    void a_breach_is_caught(String world, String breach) {
        assertThat(inWorld(world)).contains(breach);
    }

    @Test
    void classes_that_keep_the_rules_pass() {
        assertThat(inWorld("all_in_order")).isEmpty();
    }

    private static Set<String> inWorld(String world) {
        String root = "allod.architecture." + world;
        var classes = new ClassFileImporter().importPackages(root);
        assertThat(classes).isNotEmpty();
        return breaches(root, classes);
    }

    /** Every breach of a rule among the classes below a root package, as a phrase. */
    private static Set<String> breaches(String root, JavaClasses classes) {
        var found = new TreeSet<String>();
        for (JavaClass from : classes) {
            String home = segment(root, from);
            if (!MAY_USE.containsKey(home)) {
                found.add(name(root, from) + " is in no known package");
                continue;
            }
            used(from)
                    .filter(to -> !mayUse(root, from, to))
                    .forEach(to -> found.add(name(root, from) + " uses " + name(root, to)));
        }
        reached(
                        root,
                        classes.stream()
                                .filter(type -> segment(root, type).equals("audit"))
                                .toList())
                .stream()
                .filter(ArchitectureTest::namesSecretMachinery)
                .forEach(type -> found.add("audit reaches " + name(root, type)));
        return found;
    }

    private static boolean mayUse(String root, JavaClass from, JavaClass to) {
        String home = segment(root, from);
        if (!isOurs(root, to)) {
            return !JDK_ONLY.contains(home) || isJdk(to);
        }
        String other = segment(root, to);
        if (home.equals("receipt") && other.equals("keys")) {
            return PUBLIC_KEY_TYPES.contains(outermost(to));
        }
        if (from.getPackageName().equals(root + ".demo.attack")) {
            return to.getPackageName().equals(from.getPackageName()) || other.equals("keys") || other.equals("base");
        }
        return home.equals(other) || MAY_USE.getOrDefault(home, Set.of()).contains(other);
    }

    private static boolean namesSecretMachinery(JavaClass type) {
        return type.getSimpleName().contains("Floe") || type.getSimpleName().contains("Custodian");
    }

    /** The classes of ours that these come to, step by step. */
    private static Set<JavaClass> reached(String root, List<JavaClass> from) {
        var seen = new HashSet<>(from);
        var next = new ArrayDeque<>(from);
        while (!next.isEmpty()) {
            used(next.remove())
                    .filter(type -> isOurs(root, type))
                    .filter(seen::add)
                    .forEach(next::add);
        }
        return seen;
    }

    private static Stream<JavaClass> used(JavaClass from) {
        return from.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType)
                .filter(type -> !type.isPrimitive());
    }

    private static boolean isOurs(String root, JavaClass type) {
        return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
    }

    /** JSpecify's annotations leave nothing to run. */
    private static boolean isJdk(JavaClass type) {
        return Stream.of("java.", "javax.crypto", "org.jspecify.annotations")
                .anyMatch(type.getPackageName()::startsWith);
    }

    private static String segment(String root, JavaClass type) {
        String below = type.getPackageName().substring(root.length());
        return below.isEmpty() ? WIRING : below.substring(1).split("\\.", 2)[0];
    }

    private static String outermost(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        return name.split("\\$", 2)[0];
    }

    private static String name(String root, JavaClass type) {
        return isOurs(root, type) ? type.getName().substring(root.length() + 1) : type.getName();
    }
}
