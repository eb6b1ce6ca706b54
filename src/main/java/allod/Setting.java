package allod;

/**
 * One key an operator may set.
 *
 * @param path its place in the YAML file, dotted, such as {@code s3.address}
 * @param standard the text that holds where nothing is set; empty where no value is the default
 * @param meaning a phrase for docs/configuration.md
 */
record Setting<T>(String path, Shape<T> shape, String standard, String meaning) {
    /** The environment variable that sets it: {@code ALLOD_S3_ADDRESS} for {@code s3.address}. */
    String variable() {
        StringBuilder name = new StringBuilder("ALLOD_");
        path.chars()
                .map(c -> c == '.' || c == '-' ? '_' : Character.toUpperCase(c))
                .forEach(name::appendCodePoint);
        return name.toString();
    }
}
