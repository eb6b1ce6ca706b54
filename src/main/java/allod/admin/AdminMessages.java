package allod.admin;

import allod.admin.AdminRequest.AddKey;
import allod.admin.AdminRequest.AddTenant;
import allod.admin.AdminRequest.DisableKey;
import allod.admin.AdminRequest.ForgetMirror;
import allod.admin.AdminRequest.ListKeys;
import allod.admin.AdminRequest.ListMirrors;
import allod.admin.AdminRequest.ListTenants;
import allod.admin.AdminRequest.OfCustody;
import allod.admin.AdminRequest.OfEscrow;
import allod.admin.AdminRequest.OfIdentity;
import allod.admin.AdminRequest.OfUpkeep;
import allod.admin.Administration.AccessKey;
import allod.admin.Administration.KeyPair;
import allod.admin.Administration.Mirror;
import allod.admin.Administration.NewAccessKey;
import allod.admin.Administration.Secret;
import allod.admin.Administration.Tenant;
import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of requests and answers, as docs/formats/admin.md gives it. A request is an object with the member {@code do}
 * and exactly the members of that call; an answer holds {@code ok} or {@code problem}.
 */
final class AdminMessages {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private AdminMessages() {}

    static byte[] encode(AdminRequest request) {
        ObjectNode node = JSON.createObjectNode();
        switch (request) {
            case AddTenant(var name) -> node.put("do", "tenant.add").put("name", name);
            case ListTenants(var after, int limit) -> {
                node.put("do", "tenant.list").put("limit", limit);
                after.ifPresent(id -> node.put("after", id.value()));
            }
            case AddKey(var tenant, var user, var chosen) -> {
                node.put("do", "key.add").put("tenant", tenant);
                user.ifPresent(name -> node.put("user", name));
                chosen.ifPresent(pair -> node.put("accessKey", pair.id().value())
                        .put("secretKey", pair.secret().value()));
            }
            case ListKeys(var tenant, var after, int limit) -> {
                node.put("do", "key.list").put("limit", limit);
                tenant.ifPresent(name -> node.put("tenant", name));
                after.ifPresent(id -> node.put("after", id.value()));
            }
            case DisableKey(var id) -> node.put("do", "key.disable").put("accessKey", id.value());
            case OfEscrow(var escrow) -> EscrowMessages.encode(escrow, node);
            case OfCustody(var custody) -> CustodyMessages.encode(custody, node);
            case OfUpkeep(var upkeep) -> UpkeepMessages.encode(upkeep, node);
            case OfIdentity(var identity) -> IdentityMessages.encode(identity, node);
            case ListMirrors() -> node.put("do", "custody.mirror.list");
            case ForgetMirror(var id) -> node.put("do", "custody.mirror.forget").put("mirror", id);
        }
        return JSON.writeValueAsBytes(node);
    }

    /** @throws Problem INVALID_ARGUMENT if it is not a request of ours, exactly */
    static AdminRequest decodeRequest(byte[] message) {
        try {
            var members = new Members(JSON.readTree(message));
            String call = members.text("do");
            AdminRequest request = switch (call) {
                case "tenant.add" -> new AddTenant(members.text("name"));
                case "tenant.list" ->
                    new ListTenants(members.maybeNumber("after").map(TenantId::new), limit(members));
                case "key.add" -> new AddKey(members.text("tenant"), members.maybeText("user"), pair(members));
                case "key.list" ->
                    new ListKeys(
                            members.maybeText("tenant"),
                            members.maybeText("after").map(AccessKeyId::new),
                            limit(members));
                case "key.disable" -> new DisableKey(new AccessKeyId(members.text("accessKey")));
                case "custody.mirror.list" -> new ListMirrors();
                case "custody.mirror.forget" -> new ForgetMirror(members.text("mirror"));
                default -> {
                    if (call.startsWith(EscrowMessages.PREFIX)) {
                        yield new OfEscrow(EscrowMessages.decode(call, members));
                    }
                    if (call.startsWith(CustodyMessages.PREFIX)) {
                        yield new OfCustody(CustodyMessages.decode(call, members));
                    }
                    if (call.startsWith(UpkeepMessages.PREFIX)) {
                        yield new OfUpkeep(UpkeepMessages.decode(call, members));
                    }
                    if (call.startsWith(IdentityMessages.PREFIX)) {
                        yield new OfIdentity(IdentityMessages.decode(call, members));
                    }
                    throw new IllegalArgumentException("there is no call '" + call + "'");
                }
            };
            members.done();
            return request;
        } catch (JacksonException e) {
            // Its message may quote the input, which may hold a secret.
            throw invalid("it is not one JSON object");
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static Problem invalid(String why) {
        return new Problem(
                Reason.INVALID_ARGUMENT,
                "The administrative request was not carried out.",
                "It is not valid: " + why + ".",
                "Use an allod command of the server's version.");
    }

    private static int limit(Members members) {
        int limit = members.maybeNumber("limit").orElseThrow(() -> new IllegalArgumentException("limit is missing"));
        if (limit < 1 || limit > Administration.MAX_PAGE) {
            throw new IllegalArgumentException("limit is not 1 to " + Administration.MAX_PAGE);
        }
        return limit;
    }

    private static Optional<KeyPair> pair(Members members) {
        var id = members.maybeText("accessKey");
        var secret = members.maybeText("secretKey");
        if (id.isPresent() != secret.isPresent()) {
            throw new IllegalArgumentException("a chosen key has both accessKey and secretKey");
        }
        return id.map(value -> new KeyPair(new AccessKeyId(value), new Secret(secret.orElseThrow())));
    }

    static byte[] encodeTenant(Tenant tenant) {
        return ok(json(tenant));
    }

    static byte[] encodeTenants(List<Tenant> tenants) {
        var list = JSON.createArrayNode();
        tenants.forEach(tenant -> list.add(json(tenant)));
        return ok(list);
    }

    static byte[] encodeKey(AccessKey key) {
        return ok(json(key));
    }

    static byte[] encodeNewKey(NewAccessKey key) {
        return ok(json(key.key()).put("secretKey", key.secret().value()));
    }

    static byte[] encodeKeys(List<AccessKey> keys) {
        var list = JSON.createArrayNode();
        keys.forEach(key -> list.add(json(key)));
        return ok(list);
    }

    static byte[] encodeMirrors(List<Mirror> mirrors) {
        var list = JSON.createArrayNode();
        for (Mirror mirror : mirrors) {
            var node = JSON.createObjectNode()
                    .put("mirror", mirror.id())
                    .put("state", mirror.state().name())
                    .put("path", mirror.path());
            mirror.why().ifPresent(why -> node.put("why", why));
            list.add(node);
        }
        return ok(list);
    }

    /** The answer of a call that has nothing to tell. */
    static byte[] encodeDone() {
        return ok(JSON.createObjectNode());
    }

    static byte[] encode(Problem problem) {
        var node = JSON.createObjectNode()
                .put("reason", problem.reason().name())
                .put("what", problem.what())
                .put("why", problem.why())
                .put("next", problem.next());
        return JSON.writeValueAsBytes(JSON.createObjectNode().set("problem", node));
    }

    static byte[] ok(JsonNode node) {
        return JSON.writeValueAsBytes(JSON.createObjectNode().set("ok", node));
    }

    private static ObjectNode json(Tenant tenant) {
        return JSON.createObjectNode().put("id", tenant.id().value()).put("name", tenant.name());
    }

    private static ObjectNode json(AccessKey key) {
        return JSON.createObjectNode()
                .put("accessKey", key.id().value())
                .put("tenant", key.tenant())
                .put("principal", key.principal().name())
                .put("state", key.state().name());
    }

    static Tenant decodeTenant(byte[] answer) {
        return answer(answer, AdminMessages::tenant);
    }

    static List<Tenant> decodeTenants(byte[] answer) {
        return answer(answer, node -> list(node, AdminMessages::tenant));
    }

    static AccessKey decodeKey(byte[] answer) {
        return answer(answer, AdminMessages::key);
    }

    static List<AccessKey> decodeKeys(byte[] answer) {
        return answer(answer, node -> list(node, AdminMessages::key));
    }

    static NewAccessKey decodeNewKey(byte[] answer) {
        return answer(answer, node -> {
            var members = new Members(node);
            var secret = new Secret(members.text("secretKey"));
            var key = key(members);
            members.done();
            return new NewAccessKey(key, secret);
        });
    }

    static List<Mirror> decodeMirrors(byte[] answer) {
        return answer(answer, node -> list(node, AdminMessages::mirror));
    }

    private static Mirror mirror(JsonNode node) {
        var members = new Members(node);
        var mirror = new Mirror(
                members.text("mirror"),
                Mirror.State.valueOf(members.text("state")),
                members.text("path"),
                members.maybeText("why"));
        members.done();
        return mirror;
    }

    static void decodeDone(byte[] answer) {
        answer(answer, node -> {
            new Members(node).done();
            return true;
        });
    }

    private static Tenant tenant(JsonNode node) {
        var members = new Members(node);
        var tenant = new Tenant(new TenantId(members.number("id")), members.text("name"));
        members.done();
        return tenant;
    }

    private static AccessKey key(JsonNode node) {
        var members = new Members(node);
        var key = key(members);
        members.done();
        return key;
    }

    private static AccessKey key(Members members) {
        return new AccessKey(
                new AccessKeyId(members.text("accessKey")),
                members.text("tenant"),
                new Principal(members.text("principal")),
                AccessKey.State.valueOf(members.text("state")));
    }

    static <T> List<T> list(JsonNode node, Function<JsonNode, T> element) {
        if (!node.isArray()) {
            throw new IllegalArgumentException("it holds no list");
        }
        return node.valueStream().map(element).toList();
    }

    /** @throws Problem the server's own, or INTERNAL if the answer cannot be understood */
    static <T> T answer(byte[] message, Function<JsonNode, T> content) {
        try {
            JsonNode node = JSON.readTree(message);
            if (node.has("problem")) {
                throw problem(new Members(node.path("problem")));
            }
            return content.apply(node.path("ok"));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new Problem(
                    Reason.INTERNAL,
                    "The server's answer could not be read.",
                    "It is not of the form this version knows.",
                    "Use an allod command of the server's version.");
        }
    }

    private static Problem problem(Members members) {
        return new Problem(
                Reason.valueOf(members.text("reason")),
                members.text("what"),
                members.text("why"),
                members.text("next"));
    }

    /** An object's members, each read once; what is left unread is not of ours. */
    static final class Members {
        private final JsonNode object;
        private final Set<String> unread;

        Members(JsonNode node) {
            if (!node.isObject()) {
                throw new IllegalArgumentException("it is not an object");
            }
            object = node;
            unread = node.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
        }

        String text(String name) {
            return maybeText(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
        }

        Optional<String> maybeText(String name) {
            if (!unread.remove(name)) {
                return Optional.empty();
            }
            if (!object.path(name).isString()) {
                throw new IllegalArgumentException(name + " is not text");
            }
            return Optional.of(object.path(name).asString());
        }

        /** A list of texts; empty where the member is absent. */
        List<String> texts(String name) {
            unread.remove(name);
            return object.path(name)
                    .valueStream()
                    .map(node -> {
                        if (!node.isString()) {
                            throw new IllegalArgumentException(name + " is not a list of texts");
                        }
                        return node.asString();
                    })
                    .toList();
        }

        boolean flag(String name) {
            if (!unread.remove(name) || !object.path(name).isBoolean()) {
                throw new IllegalArgumentException(name + " is not true or false");
            }
            return object.path(name).asBoolean();
        }

        int number(String name) {
            return maybeNumber(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
        }

        Optional<Integer> maybeNumber(String name) {
            if (!unread.remove(name)) {
                return Optional.empty();
            }
            if (!object.path(name).isInt()) {
                throw new IllegalArgumentException(name + " is not a whole number");
            }
            return Optional.of(object.path(name).asInt());
        }

        /** A number that may be past 2<sup>31</sup>. */
        long big(String name) {
            JsonNode value = node(name);
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw new IllegalArgumentException(name + " is not a whole number");
            }
            return value.asLong();
        }

        boolean truth(String name) {
            JsonNode value = node(name);
            if (!value.isBoolean()) {
                throw new IllegalArgumentException(name + " is neither true nor false");
            }
            return value.asBoolean();
        }

        JsonNode node(String name) {
            if (!unread.remove(name)) {
                throw new IllegalArgumentException(name + " is missing");
            }
            return object.path(name);
        }

        void done() {
            if (!unread.isEmpty()) {
                throw new IllegalArgumentException("there is a member that the call does not take");
            }
        }
    }
}
