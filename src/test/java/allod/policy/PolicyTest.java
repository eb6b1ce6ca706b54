package allod.policy;

import static allod.policy.Policies.bucket;
import static allod.policy.Policies.parse;
import static allod.policy.Policies.statement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which policies are taken, and that what is wrong with the others is named. */
class PolicyTest {
    private static final String OF_IDENTITY =
            "{'Statement':{'Sid':'%s','Effect':'Allow','Action':'s3:*','Resource':'*'}}";

    private static final String FINE =
            "{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'%s}";

    private static void assertRefused(Policy.Kind kind, String json, String named) {
        assertThatThrownBy(() -> parse(kind, json))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*','Other':1}  | Other
            {'Effect':'Maybe','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'}            | Maybe
            {'Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'}                             | Effect
            {'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'}                            | Principal
            {'Effect':'Allow','Principal':'x','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'}            | x
            {'Effect':'Allow','Principal':{},'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'}             | principal
            {'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::1:root'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'} | arn:aws:iam::1:root
            {'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::000000000001:user/*'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'} | user/*
            {'Effect':'Allow','Principal':{'Service':'x'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'} | Service
            {'Effect':'Allow','NotPrincipal':{'AWS':'000000000001'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'} | NotPrincipal
            {'Effect':'Allow','Principal':'*','Action':'s3:Gobble','Resource':'arn:aws:s3:::b/*'}               | s3:Gobble
            {'Effect':'Allow','Principal':'*','Action':'ec2:*','Resource':'arn:aws:s3:::b/*'}                   | ec2:*
            {'Effect':'Allow','Principal':'*','Action':[],'Resource':'arn:aws:s3:::b/*'}                        | Action
            {'Effect':'Allow','Principal':'*','Action':'s3:*','NotAction':'s3:*','Resource':'arn:aws:s3:::b/*'} | NotAction
            {'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'b/*'}                         | b/*
            {'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'*'}                           | resource
            {'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/${aws:username'} | not closed
            {'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/${aws:other}'} | aws:other
            {'Effect':'Allow','Principal':'*','Action':'s3:GetObject'}                                          | Resource
            """)
    void what_cannot_be_carried_out_is_refused_by_its_name(String statement, String named) {
        assertRefused(Policy.Kind.BUCKET, "{'Version':'2012-10-17','Statement':[" + statement + "]}", named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'StringEquals':{'aws:SourceVpc':'vpc-1'}}        | aws:SourceVpc
            {'StringEquals':{'s3:ExistingObjectTag/':'x'}}    | s3:ExistingObjectTag/
            {'StringSounds':{'s3:prefix':'x'}}                | StringSounds
            {'NullIfExists':{'s3:prefix':'true'}}             | NullIfExists
            {'ForAllValues:Null':{'s3:prefix':'true'}}        | ForAllValues:Null
            {'Bool':{'aws:SecureTransport':'maybe'}}          | maybe
            {'NumericEquals':{'s3:max-keys':'many'}}          | many
            {'DateEquals':{'aws:CurrentTime':'tomorrow'}}     | tomorrow
            {'IpAddress':{'aws:SourceIp':'192.0.2.0/33'}}     | 192.0.2.0/33
            {'IpAddress':{'aws:SourceIp':'example.com'}}      | example.com
            {'StringEquals':{'s3:prefix':[]}}                 | s3:prefix
            {'StringEquals':{'s3:prefix':[{}]}}               | s3:prefix
            {'StringEquals':'x'}                              | StringEquals
            """)
    void a_condition_that_decides_nothing_is_refused_by_its_name(String condition, String named) {
        assertRefused(
                Policy.Kind.BUCKET,
                "{'Version':'2012-10-17','Statement':[" + FINE.formatted(",'Condition':" + condition) + "]}",
                named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "no", "[]", "{}", "{'Statement':[]}", "{'Statement':[1]}", "null", "{'Statement':{}} x"})
    void what_is_no_policy_is_refused(String json) {
        assertThatThrownBy(() -> parse(Policy.Kind.BUCKET, json)).isInstanceOf(MalformedPolicyException.class);
    }

    @Test
    void versions_members_and_names_are_held_to_the_grammar() {
        String fine = FINE.formatted("");
        assertRefused(Policy.Kind.BUCKET, "{'Version':'2020-01-01','Statement':[" + fine + "]}", "2020-01-01");
        assertRefused(Policy.Kind.BUCKET, "{'Extra':1,'Statement':[" + fine + "]}", "Extra");
        assertRefused(
                Policy.Kind.BUCKET,
                "{'Version':'2012-10-17','Version':'2012-10-17','Statement':[" + fine + "]}",
                "once");
        String named = FINE.formatted(",'Sid':'same'");
        assertRefused(Policy.Kind.BUCKET, "{'Statement':[" + named + "," + named + "]}", "same");
        parse(Policy.Kind.BUCKET, "{'Version':'2012-10-17','Id':'x','Statement':" + fine + "}");
    }

    @Test
    void a_policy_has_the_most_bytes_and_not_one_more() {
        String json = "{'Statement':[" + FINE.formatted("") + "]}";
        String full = json + " ".repeat(Policy.Kind.BUCKET.most() - json.length());
        parse(Policy.Kind.BUCKET, full);
        assertRefused(Policy.Kind.BUCKET, full + " ", "exceeds");
        String session = OF_IDENTITY.formatted("x")
                + " ".repeat(2048 - OF_IDENTITY.formatted("x").length());
        parse(Policy.Kind.SESSION, session);
        assertRefused(Policy.Kind.SESSION, session + " ", "exceeds");
    }

    @ParameterizedTest
    @CsvSource({"IDENTITY, 6144", "TRUST, 2048"})
    void the_characters_of_other_policies_are_counted_without_white_space(Policy.Kind kind, int most) {
        String form = kind == Policy.Kind.TRUST
                ? "{'Statement':{'Effect':'Allow','Principal':'*','Action':'sts:AssumeRole','Sid':'%s'}}"
                : OF_IDENTITY;
        int room = most - form.formatted("").length();
        // A character of two bytes is one character.
        String full = form.formatted("ä".repeat(room));
        parse(kind, full);
        parse(kind, full.replace(",", ", \n\t "));
        assertRefused(kind, form.formatted("ä".repeat(room + 1)), "exceeds");
        String spaced = full + " ".repeat((16 << 10) - full.getBytes(StandardCharsets.UTF_8).length);
        parse(kind, spaced);
        assertRefused(kind, spaced + " ", "exceeds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sts:GetSessionToken", "sts:GetCallerIdentity", "sts:Get*"})
    void what_asks_no_policy_stands_in_none(String action) {
        String statement = "{'Statement':{'Effect':'Deny','Action':'%s','Resource':'*'}}";
        assertRefused(Policy.Kind.IDENTITY, statement.formatted(action), action);
        parse(Policy.Kind.IDENTITY, statement.formatted("sts:*"));
    }

    @Test
    void an_identitys_policy_names_no_principal_and_a_trust_no_resource() {
        assertRefused(Policy.Kind.IDENTITY, "{'Statement':[" + FINE.formatted("") + "]}", "Principal");
        assertRefused(
                Policy.Kind.TRUST,
                "{'Statement':[{'Effect':'Allow','Principal':'*','Action':'sts:AssumeRole','Resource':'*'}]}",
                "Resource");
        Policy trust = parse(
                Policy.Kind.TRUST,
                "{'Statement':[{'Effect':'Allow','Principal':{'AWS':'000000000002'},'Action':'sts:AssumeRole'}]}");
        Request asked = new Request(Who.root("000000000002"), "sts:AssumeRole", "*", key -> java.util.List.of());
        assertThat(trust.allowing(asked)).isNotEmpty();
        assertThat(trust.allowing(
                        new Request(Who.root("000000000003"), "sts:AssumeRole", "*", key -> java.util.List.of())))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "s3:GetObject, other/*, false",
        "s3:GetObject, b, false",
        "s3:ListBucket, b/*, false",
        "s3:ListBucket, b, true",
        "s3:GetObject, b/*, true",
        "s3:GetObject, b*, true",
        "s3:GetObject, *, true",
        "s3:ListBucket, *, true",
        "s3:*, b/x, true",
        "s3:GetObject, '?/*', true",
        "s3:GetObject, bb/*, false",
    })
    void statements_of_a_buckets_policy_are_about_the_bucket(String action, String resource, boolean fine) {
        Policy policy = bucket("{'Effect':'Allow','Principal':'*','Action':'" + action + "','Resource':'arn:aws:s3:::"
                + resource + "'}");
        if (fine) {
            policy.requireOf("b");
        } else {
            assertThatThrownBy(() -> policy.requireOf("b")).isInstanceOf(MalformedPolicyException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'Action':'s3:ListBucket','Resource':'arn:aws:s3:::b'                          | s3:prefix              | true
            'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'                         | s3:prefix              | false
            'Action':['s3:ListBucket','s3:GetBucketAcl'],'Resource':'arn:aws:s3:::b'      | s3:prefix              | false
            'Action':'s3:*','Resource':['arn:aws:s3:::b','arn:aws:s3:::b/*']              | s3:prefix              | true
            'Action':'s3:*','Resource':'arn:aws:s3:::b/*'                                 | s3:prefix              | false
            'Action':'s3:*','NotResource':'arn:aws:s3:::b/k'                              | s3:prefix              | true
            'NotAction':'s3:List*','Resource':'arn:aws:s3:::b'                            | s3:prefix              | false
            'NotAction':'s3:Put*','Resource':'arn:aws:s3:::b'                             | s3:max-keys            | true
            'Action':'s3:DeleteObject','Resource':'arn:aws:s3:::b/*'                      | s3:ExistingObjectTag/a | false
            'Action':['s3:GetObject','s3:DeleteObject'],'Resource':'arn:aws:s3:::b/*'     | s3:ExistingObjectTag/a | false
            'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'                         | s3:RequestObjectTag/a  | false
            'Action':'s3:PutObject','Resource':'arn:aws:s3:::b/*'                         | s3:RequestObjectTag/a  | true
            'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'                         | s3:object-lock-mode    | false
            'Action':'s3:*','Resource':'arn:aws:s3:::b/*'                                 | sts:ExternalId         | false
            'Action':'s3:DeleteObject','Resource':'arn:aws:s3:::b/*'                      | aws:SourceIp           | true
            'Action':'s3:DeleteObject','Resource':'arn:aws:s3:::b/*'                      | s3:authType            | true
            """)
    void each_action_of_a_statement_has_the_keys_of_its_conditions(String does, String key, boolean fine) {
        for (String effect : java.util.List.of("Allow", "Deny")) {
            Policy policy = bucket("{'Effect':'" + effect + "','Principal':'*'," + does + ",'Condition':{'Null':{'"
                    + key + "':'false'}}}");
            if (fine) {
                policy.requireOf("b");
            } else {
                assertThatThrownBy(() -> policy.requireOf("b"))
                        .isInstanceOf(MalformedPolicyException.class)
                        .hasMessageContaining("Conditions do not apply to combination of actions and resources");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            '*'                      | ``                                                    | true
            {'AWS':'*'}              | ``                                                    | true
            {'AWS':'000000000002'}   | ``                                                    | false
            '*'                      | {'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}}           | false
            '*'                      | {'IpAddress':{'aws:SourceIp':'10.0.0.0/7'}}           | true
            '*'                      | {'NotIpAddress':{'aws:SourceIp':'10.0.0.0/8'}}        | true
            '*'                      | {'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::000000000002:user/a'}} | false
            '*'                      | {'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::*:user/a'}} | true
            '*'                      | {'StringEqualsIfExists':{'aws:username':'a'}}         | true
            '*'                      | {'StringEquals':{'aws:username':'a'}}                 | true
            '*'                      | {'StringEquals':{'aws:userid':'000000000002:a'}}      | false
            '*'                      | {'StringEqualsIgnoreCase':{'aws:userid':['000000000002:a','Anonymous']}} | true
            '*'                      | {'StringEquals':{'aws:UserAgent':'a'}}                | true
            """)
    void a_policy_is_public_if_it_lets_everybody_whom_nothing_narrows(
            String principal, String condition, boolean expected) {
        assertThat(bucket(statement("Allow", principal, "s3:GetObject", condition))
                        .isPublic())
                .isEqualTo(expected);
        assertThat(bucket(statement("Deny", principal, "s3:GetObject", condition))
                        .isPublic())
                .isFalse();
    }
}
