package allod.store;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import allod.store.engine.BlobStore;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** There is one gate: no other code drops a blob or a slot's row. */
class GateTest {
    /** A deletion, in a transaction or at the engine, of a key that is made in the same statement. */
    private static final Pattern DROPS_A_SLOT = Pattern.compile("elete\\s*\\(\\s*MapKey\\s*\\.\\s*slot\\s*\\(");

    @Test
    void only_the_gate_deletes_blobs() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("allod");
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(DroppedBlobs.class.getName())
                .should()
                .callMethodWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(name("delete"))
                        .and(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                                owner(assignableTo(BlobStore.class)))))
                .because("a blob is deleted when its key is gone and its row says so")
                .check(classes);
    }

    @Test
    void only_the_gate_drops_slot_rows() throws IOException {
        List<String> places = new ArrayList<>();
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                if (DROPS_A_SLOT.matcher(Files.readString(file)).find()) {
                    places.add(file.getFileName().toString());
                }
            }
        }
        assertThat(places).containsExactly("ErasureRounds.java");
    }
}
