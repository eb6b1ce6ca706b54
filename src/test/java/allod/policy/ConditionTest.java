package allod.policy;

import static allod.policy.Policies.bucket;
import static allod.policy.Policies.get;
import static allod.policy.Policies.statement;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the values of a request are compared with those of a policy. */
class ConditionTest {
    private static boolean holds(String operator, String key, String values, List<String> given) {
        Policy policy =
                bucket(statement("Allow", "'*'", "s3:*", "{'" + operator + "':{'" + key + "':" + values + "}}"));
        return Policies.of(policy)
                .decide(get(Who.ANONYMOUS, Map.of(ConditionKey.canonical(key), given)))
                .allowed();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            StringEquals              | s3:prefix           | 'a'                        | a                    | true
            StringEquals              | s3:prefix           | 'a'                        | A                    | false
            StringEquals              | s3:prefix           | 'a*'                       | ab                   | false
            StringNotEquals           | s3:prefix           | 'a'                        | b                    | true
            StringNotEquals           | s3:prefix           | ['a','b']                  | b                    | false
            StringEqualsIgnoreCase    | s3:prefix           | 'aB'                       | Ab                   | true
            StringNotEqualsIgnoreCase | s3:prefix           | 'aB'                       | Ab                   | false
            StringLike                | s3:prefix           | ['x','a*c?']               | abbcd                | true
            StringLike                | s3:prefix           | 'a*c?'                     | abbc                 | false
            StringLike                | s3:prefix           | 'a${*}'                    | ab                   | false
            StringLike                | s3:prefix           | 'a${*}'                    | a*                   | true
            StringNotLike             | s3:prefix           | 'a*'                       | ab                   | false
            NumericEquals             | s3:max-keys         | '10'                       | 10.0                 | true
            NumericEquals             | s3:max-keys         | 10                         | 10                   | true
            NumericNotEquals          | s3:max-keys         | '10'                       | 11                   | true
            NumericLessThan           | s3:max-keys         | '10'                       | 10                   | false
            NumericLessThanEquals     | s3:max-keys         | '10'                       | 10                   | true
            NumericGreaterThan        | s3:max-keys         | '10'                       | 10                   | false
            NumericGreaterThanEquals  | s3:max-keys         | '10'                       | 10                   | true
            NumericLessThan           | s3:max-keys         | '10'                       | none                 | false
            DateLessThan              | aws:CurrentTime     | '2026-01-01T00:00:00Z'     | 2025-12-31T23:59:59Z | true
            DateLessThan              | aws:CurrentTime     | '2026-01-01T00:00:00Z'     | 2026-01-01T00:00:00Z | false
            DateLessThanEquals        | aws:CurrentTime     | '2026-01-01'               | 2026-01-01T00:00:00Z | true
            DateGreaterThan           | aws:CurrentTime     | '2026-01-01T00:00:00Z'     | 2026-01-01T00:00:01Z | true
            DateGreaterThanEquals     | aws:EpochTime       | '1767225600'               | 1767225600           | true
            DateEquals                | aws:CurrentTime     | '2026-01-01T01:00:00+01:00'| 2026-01-01T00:00:00Z | true
            DateNotEquals             | aws:CurrentTime     | '2026-01-01'               | 2026-01-01T00:00:00Z | false
            Bool                      | aws:SecureTransport | 'false'                    | false                | true
            Bool                      | aws:SecureTransport | true                       | false                | false
            IpAddress                 | aws:SourceIp        | '192.0.2.0/24'             | 192.0.2.255          | true
            IpAddress                 | aws:SourceIp        | '192.0.2.0/24'             | 192.0.3.0            | false
            IpAddress                 | aws:SourceIp        | '192.0.2.1'                | 192.0.2.1            | true
            IpAddress                 | aws:SourceIp        | '2001:db8::/32'            | 2001:db8:1::1        | true
            IpAddress                 | aws:SourceIp        | '2001:db8::/32'            | 2001:db8:0:0:0:0:0:1 | true
            IpAddress                 | aws:SourceIp        | '0.0.0.0/0'                | 2001:db8:1::1        | false
            NotIpAddress              | aws:SourceIp        | '192.0.2.0/24'             | 192.0.2.1            | false
            NotIpAddress              | aws:SourceIp        | '192.0.2.0/24'             | 192.0.3.1            | true
            ArnEquals                 | aws:PrincipalArn    | 'arn:aws:iam::*:user/a*'   | arn:aws:iam::000000000001:user/alice | true
            ArnLike                   | aws:PrincipalArn    | 'arn:aws:iam::*:role/*'    | arn:aws:iam::000000000001:user/alice | false
            ArnNotLike                | aws:PrincipalArn    | 'arn:aws:iam::*:role/*'    | arn:aws:iam::000000000001:user/alice | true
            Null                      | s3:prefix           | 'true'                     | a                    | false
            Null                      | s3:prefix           | 'false'                    | a                    | true
            stringequalsifexists      | S3:Prefix           | 'a'                        | b                    | false
            """)
    void a_value_is_compared_as_its_operator_says(
            String operator, String key, String values, String given, boolean expected) {
        assertThat(holds(operator, key, values, List.of(given))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "StringEquals, false",
        "StringLike, false",
        "StringNotEquals, true",
        "StringNotLike, true",
        "StringEqualsIfExists, true",
        "StringNotEqualsIfExists, true",
        "ForAnyValue:StringEquals, false",
        "ForAnyValue:StringNotEquals, false",
        "ForAllValues:StringEquals, true",
    })
    void a_key_of_which_the_request_says_nothing_is_as_the_operator_has_it(String operator, boolean expected) {
        assertThat(holds(operator, "s3:prefix", "'a'", List.of())).isEqualTo(expected);
    }

    @Test
    void the_absence_of_a_key_can_be_asked_for() {
        assertThat(holds("Null", "s3:prefix", "'true'", List.of())).isTrue();
        assertThat(holds("Null", "s3:prefix", "'false'", List.of())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ForAllValues:StringEquals, a, true",
        "ForAllValues:StringEquals, a b, true",
        "ForAllValues:StringEquals, a c, false",
        "ForAnyValue:StringEquals, a c, true",
        "ForAnyValue:StringEquals, c d, false",
        "ForAnyValue:StringNotEquals, a c, true",
        "ForAnyValue:StringNotEquals, a b, false",
        "ForAllValues:StringNotEquals, c d, true",
        "ForAllValues:StringNotEquals, a c, false",
        "ForAnyValue:StringLike, c ba, false",
    })
    void several_values_are_taken_all_or_any(String operator, String given, boolean expected) {
        assertThat(holds(operator, "s3:RequestObjectTagKeys", "['a','b']", List.of(given.split(" ", -1))))
                .isEqualTo(expected);
    }

    @Test
    void the_name_of_a_tag_keeps_its_case() {
        assertThat(holds("StringEquals", "S3:existingOBJECTtag/Level", "'x'", List.of("x")))
                .isTrue();
        Policy policy =
                bucket(statement("Allow", "'*'", "s3:*", "{'StringEquals':{'s3:ExistingObjectTag/Level':'x'}}"));
        assertThat(Policies.of(policy)
                        .decide(get(Who.ANONYMOUS, Map.of("s3:existingobjecttag/level", List.of("x"))))
                        .allowed())
                .isFalse();
    }

    @Test
    void a_variable_stands_for_what_the_request_says_and_never_for_a_pattern() {
        Policy own = bucket(
                "{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/${aws:username}'}");
        assertThat(Policies.of(own)
                        .decide(get(Who.ANONYMOUS, Map.of("aws:username", List.of("k"))))
                        .allowed())
                .isTrue();
        assertThat(Policies.of(own)
                        .decide(get(Who.ANONYMOUS, Map.of("aws:username", List.of("*"))))
                        .allowed())
                .isFalse();
        assertThat(Policies.of(own).decide(get(Who.ANONYMOUS)).allowed()).isFalse();
        Policy otherwise = bucket("{'Effect':'Allow','Principal':'*','Action':'s3:GetObject',"
                + "'Resource':'arn:aws:s3:::b/${aws:username, \\\"k\\\"}'}".replace("\\\"", "\\u0027"));
        assertThat(Policies.of(otherwise).decide(get(Who.ANONYMOUS)).allowed()).isTrue();
    }

    @Test
    void a_variable_without_a_value_never_lets_more() {
        Policy notOwn = bucket(
                statement("Allow", "'*'", "s3:ListBucket", "{'StringNotEquals':{'s3:prefix':'${aws:username}'}}"));
        assertThat(Policies.of(notOwn)
                        .decide(get(Who.ANONYMOUS, Map.of("s3:prefix", List.of("x"))))
                        .allowed())
                .isFalse();
        Policy denied = bucket(
                statement("Allow", "'*'", "s3:ListBucket", ""),
                statement("Deny", "'*'", "s3:ListBucket", "{'StringNotEquals':{'s3:prefix':'${aws:username}'}}"));
        assertThat(Policies.of(denied)
                        .decide(get(Who.ANONYMOUS, Map.of("s3:prefix", List.of("x"))))
                        .allowed())
                .isFalse();
    }

    @Test
    void a_request_says_nothing_under_a_key_that_its_action_does_not_have() {
        Policy lists = bucket(statement("Allow", "'*'", "s3:*", "{'StringLike':{'s3:prefix':'home/*'}}"));
        Context said = Policies.context(Map.of("s3:prefix", List.of("home/x")));
        for (String action : List.of("s3:ListBucket", "s3:ListBucketVersions", "s3:GetObject", "s3:PutBucketPolicy")) {
            assertThat(Policies.of(lists)
                            .decide(new Request(Who.ANONYMOUS, action, Request.arn("b"), said))
                            .allowed())
                    .isEqualTo(action.startsWith("s3:List"));
        }
        Policy keeps = bucket(
                statement("Allow", "'*'", "s3:*", ""),
                statement("Deny", "'*'", "s3:*", "{'Null':{'s3:RequestObjectTag/a':'true'}}"));
        assertThat(Policies.of(keeps).decide(get(Who.ANONYMOUS)).allowed()).isFalse();
    }

    @Test
    void a_pattern_full_of_stars_takes_no_time_to_speak_of() {
        Glob glob = Glob.parse("*a".repeat(200) + "b", false, true);
        assertThat(glob.resolve(Policies.context(Map.of())).orElseThrow().matches("a".repeat(1000), false))
                .isFalse();
    }
}
