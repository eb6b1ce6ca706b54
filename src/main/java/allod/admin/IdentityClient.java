package allod.admin;

import allod.admin.IdentityAdministration.Explanation;
import allod.admin.IdentityAdministration.Identity;
import allod.admin.IdentityAdministration.Named;
import allod.admin.IdentityAdministration.Question;
import allod.admin.IdentityAdministration.RoleTerms;
import allod.base.Problem;
import allod.store.IdentityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Calls about users, groups and roles; each throws the server's own {@link Problem}, or BUSY if none answers. */
public final class IdentityClient {
    private final AdminClient client;

    IdentityClient(AdminClient client) {
        this.client = client;
    }

    private <T> T call(IdentityRequest request, Function<JsonNode, T> content) {
        return AdminMessages.answer(client.call(new AdminRequest.OfIdentity(request)), content);
    }

    private void done(IdentityRequest request) {
        AdminMessages.decodeDone(client.call(new AdminRequest.OfIdentity(request)));
    }

    public Identity add(Named named, Optional<RoleTerms> role) {
        return call(new IdentityRequest.Add(named, role), IdentityMessages::decodeIdentity);
    }

    /** All of a kind, page by page. */
    public List<Identity> list(String tenant, IdentityKind kind) {
        var all = new ArrayList<Identity>();
        List<Identity> page;
        do {
            Optional<String> after =
                    all.isEmpty() ? Optional.empty() : Optional.of(all.getLast().name());
            page = call(
                    new IdentityRequest.ListAll(tenant, kind, after, IdentityAdministration.MAX_PAGE),
                    node -> AdminMessages.list(node, IdentityMessages::decodeIdentity));
            all.addAll(page);
        } while (page.size() == IdentityAdministration.MAX_PAGE);
        return List.copyOf(all);
    }

    public void delete(Named named) {
        done(new IdentityRequest.Delete(named));
    }

    public void putPolicy(Named named, String policy, String json) {
        done(new IdentityRequest.PutPolicy(named, policy, json));
    }

    public String getPolicy(Named named, String policy) {
        return call(new IdentityRequest.GetPolicy(named, policy), IdentityMessages::decodeDocument);
    }

    public void deletePolicy(Named named, String policy) {
        done(new IdentityRequest.DeletePolicy(named, policy));
    }

    public String getTrust(String tenant, String role) {
        return call(new IdentityRequest.GetTrust(tenant, role), IdentityMessages::decodeDocument);
    }

    public void putTrust(String tenant, String role, String json) {
        done(new IdentityRequest.PutTrust(tenant, role, json));
    }

    public void setMember(String tenant, String group, String user, boolean member) {
        done(new IdentityRequest.SetMember(tenant, group, user, member));
    }

    public Explanation check(Question question) {
        return call(new IdentityRequest.Check(question), IdentityMessages::decodeExplanation);
    }
}
