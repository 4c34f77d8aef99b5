using HvBindgen.Generator.Emit;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class MessageTests
{
    private static readonly Dictionary<string, string> X64 = new()
    {
        ["DEMO_TIMER"] = "struct demo_timer",
        ["DEMO_HALT"] = "struct demo_halt",
        ["DEMO_PORT"] = "struct demo_port",
    };

    private static readonly Dictionary<string, string> Arm64 = new()
    {
        ["DEMO_PORT"] = "struct demo_own",
        ["DEMO_TIMER"] = "struct demo_timer",
    };

    [Fact]
    public void The_table_has_the_types_their_sizes_and_names_and_each_record_its_types()
    {
        Bindings bindings = Bindings.Of("messages.h", targets: ["x86_64", "arm64"], emit: With(X64, Arm64));

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_single_target_has_all_of_the_table_in_one_class()
    {
        Bindings bindings = Bindings.Of("messages.h", emit: With(X64, []), members: """
            private static bool Has<T>(demo_type type) where T : unmanaged, IMessageContent<demo_type> => T.IsIn(type);
            """, use: """
            return $"{Messages.NameOf(demo_type.DEMO_QUEUE)} {Messages.NameOf((demo_type)8)} {Messages.Types.Length} "
                + $"{Messages.PayloadSizeBytes(demo_type.DEMO_PORT)} {Messages.PayloadSizeBytes(demo_type.DEMO_NONE)} "
                + $"{Has<demo_halt>(demo_type.DEMO_HALT)} {Has<demo_halt>(demo_type.DEMO_PORT)} "
                + $"{Has<demo_header>(demo_type.DEMO_PORT)} {Has<demo_header>(demo_type.DEMO_TIMER)}";
            """);

        Assert.Equal("DEMO_HALT  3 16 0 True False True False", bindings.Result);
    }

    [Theory]
    [InlineData("DEMO_PORT", "struct gone", "struct gone")]
    [InlineData("DEMO_GONE", "struct demo_halt", "DEMO_GONE in enum demo_type")]
    public void A_name_that_the_headers_do_not_have_is_refused(string type, string record, string complaint)
    {
        EmitException refused = Assert.Throws<EmitException>(
            () => Bindings.Of("messages.h", emit: With(new() { [type] = record }, [])));

        Assert.Contains($"names {complaint}, which its headers for x86_64 do not have", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_names_that_the_headers_do_not_have_are_told_at_once()
    {
        EmitException refused = Assert.Throws<EmitException>(() => Bindings.Of(
            "messages.h", targets: ["x86_64", "arm64"],
            emit: With(
                new() { ["DEMO_GONE"] = "struct gone", ["DEMO_PORT"] = "struct lost" }, new() { ["DEMO_HALT"] = "struct far" })));

        Assert.Equal(
            ["DEMO_GONE in enum demo_type", "struct gone", "struct lost", "struct far"],
            refused.Message.Split('\n').Select(line => line.Split(" names ")[1].Split(',')[0]));
    }

    [Fact]
    public void One_number_with_two_payloads_on_one_target_is_refused()
    {
        EmitException refused = Assert.Throws<EmitException>(() => Bindings.Of(
            "messages.h", emit: With(new() { ["DEMO_HALT"] = "struct demo_halt", ["DEMO_QUEUE"] = "struct demo_port" }, [])));

        Assert.Contains("DEMO_HALT and DEMO_QUEUE are one type", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_class_no_table_is_emitted()
    {
        Bindings bindings = Bindings.Of("messages.h", emit: options => Without(With(X64, [])(options)));

        Assert.DoesNotContain("IMessageContent", bindings.Declarations, StringComparison.Ordinal);
        Assert.DoesNotContain("partial", bindings.Declarations, StringComparison.Ordinal);
    }

    private static EmitOptions Without(EmitOptions options) => options with { Messages = options.Messages! with { Class = null } };

    private static Func<EmitOptions,
    EmitOptions> With(Dictionary<string, string> x64, Dictionary<string, string> arm64) => options => options with
    {
        Messages = new MessageOptions("struct demo_message", "type", "size", "payload", "enum demo_type")
        {
            Class = "Messages",
            Headers = new Dictionary<string, string> { ["x86_64"] = "struct demo_header" },
            Payloads = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["x86_64"] = x64, ["arm64"] = arm64 },
        },
    };
}
