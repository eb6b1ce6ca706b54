package allod.policy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What a request says under the condition keys that are about who asks, from where and when.
 *
 * @param source the peer's address; empty if it is not known
 * @param secure whether it came over TLS
 */
public record AskedBy(Who who, Instant now, String source, boolean secure) implements Context {
    @Override
    public List<String> of(String key) {
        boolean named = who.kind() != Who.Kind.ANONYMOUS;
        return switch (key) {
            case "aws:sourceip" -> source.isEmpty() ? List.of() : List.of(source);
            case "aws:securetransport" -> List.of(Boolean.toString(secure));
            case "aws:principalarn" -> named ? List.of(who.arn()) : List.of();
            case "aws:principalaccount" -> named ? List.of(who.account()) : List.of();
            case "aws:principaltype" -> List.of(type());
            case "aws:currenttime" ->
                List.of(now.truncatedTo(ChronoUnit.SECONDS).toString());
            case "aws:epochtime" -> List.of(Long.toString(now.getEpochSecond()));
            case "aws:userid" -> List.of(who.userId());
            case "aws:username" -> who.kind() == Who.Kind.USER ? List.of(who.name()) : List.of();
            default -> List.of();
        };
    }

    private String type() {
        return switch (who.kind()) {
            case ANONYMOUS -> "Anonymous";
            case ROOT -> "Account";
            case USER -> "User";
            case ROLE -> "AssumedRole";
        };
    }
}
