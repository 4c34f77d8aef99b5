using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>What is emitted for C# 15, judged by its compiler with the rules that it brings.</summary>
public sealed class MemorySafetyTests
{
    // Answers each request with ones.
    private const string Descriptor = """
            private readonly struct Ones : IIoctlDescriptor
            {
                public unsafe IoctlResult Ioctl(uint request, void* argument)
                {
                    unsafe
                    {
                        *(ulong*)argument = ulong.MaxValue;
                    }

                    return IoctlResult.Success((int)(request & 0xff));
                }
            }
        """;

    [Fact]
    public void Fields_and_requests_say_who_answers_for_memory_and_types_say_nothing()
    {
        Bindings bindings = Bindings.Of("memory-safety.h", emit: Next);

        Verifier.Verify(bindings.Declarations, "cs");
        Assert.DoesNotContain("unsafe struct", bindings.Declarations, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe partial", bindings.Declarations, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_over_numbers_is_made_and_its_answer_read_without_the_word_unsafe()
    {
        Bindings bindings = Bindings.Of("memory-safety.h", emit: Next, members: Descriptor, use: """
            IoctlResult result = FdIoctls.SAFE_GET_NUMBERS(new Ones(), out numbers numbers);
            Span<byte> memory = new byte[list.AllocationSize(2)];
            list.entries(memory)[1].kind = 7;
            return $"{result.Value} {numbers.kind:x} {numbers.flags} {numbers.rest:x} {memory[16]}";
            """);

        Assert.Equal("3 ffffffff 7 1fffffff 7", bindings.Result);
    }

    [Theory]
    [InlineData("FdIoctls.SAFE_SET_NUMBERS(fd, default(numbers));", true)]
    [InlineData("FdIoctls.SAFE_SET_HANDLE(fd, 7ul);", true)]
    [InlineData("FdIoctls.SAFE_RUN(fd);", true)]
    [InlineData("FdIoctls.SAFE_GET_NAME(fd, new byte[4].AsSpan());", true)]
    [InlineData("FdIoctls.SAFE_SET_NUMBERS(fd, (numbers*)null);", false)]
    [InlineData("FdIoctls.SAFE_SET_HOLDER(fd, default(holder));", false)]
    [InlineData("deep deep = default; FdIoctls.SAFE_SWAP_DEEP(fd, ref deep);", false)]
    [InlineData("FdIoctls.SAFE_GET_LIST(fd, new byte[8].AsSpan());", false)]
    [InlineData("FdIoctls.SAFE_GET_UNKNOWN(fd, out unknown unknown);", false)]
    [InlineData("either either = default; _ = either.number;", true)]
    [InlineData("either either = default; _ = either.text;", false)]
    [InlineData("either either = default; _ = either.call;", false)]
    [InlineData("holder holder = default; _ = holder.where;", false)]
    public void Only_what_leads_to_memory_is_for_an_unsafe_context(string statement, bool isSafe)
    {
        string consumer = $$"""
            using System;
            using Fixture;
            public static class Use { public static void It(Fd fd) { {{statement}} } }
            """;

        Assert.Equal(isSafe ? [] : ["CS9362"], CSharpCompiler.FaultsOf(Files("memory-safety.h"), consumer, CSharpLanguage.CSharp15));
    }

    [Theory]
    [InlineData("array-kinds.h")]
    [InlineData("opaque.h")]
    [InlineData("record-over-aligned.h")]
    [InlineData("ioctl-functions.h")]
    [InlineData("bitfield-128.h")]
    public void Other_fixtures_compile_by_the_new_rules_as_well(string header) =>
        CSharpCompiler.Compile(Files(header), null, CSharpLanguage.CSharp15);

    [Fact]
    public void An_argument_of_which_the_configuration_knows_addresses_is_unsafe()
    {
        RequestOptions requests = new("Requests")
        {
            Arguments = new Dictionary<string, RequestFacts>
            {
                ["SAFE_SET_NUMBERS"] = new() { Memory = [new MemoryFacts("kind", "rest", "read", "byte")] },
            },
        };
        AbiModel model = FixtureHeaders.Parse(FixtureHeaders.Request("memory-safety.h", "x86_64")).Model;
        MemorySafety safety = new(model, new EmitOptions("Fixture", "test") { Requests = requests });
        AbiIoctl ioctl = model.Ioctls.First(one => one.Name == "SAFE_SET_NUMBERS");

        Assert.True(safety.HoldsAddresses("SAFE_SET_NUMBERS", ioctl.Argument!));
        Assert.False(safety.HoldsAddresses("SAFE_GET_NUMBERS", ioctl.Argument!));
    }

    private static IReadOnlyList<EmittedFile> Files(string header) => CSharpEmitter.Emit(
        MergedModel.Merge([FixtureHeaders.Parse(FixtureHeaders.Request(header, "x86_64")).Model]),
        Next(new EmitOptions("Fixture", "test")));

    private static EmitOptions Next(EmitOptions options) => options with { Language = CSharpLanguage.CSharp15 };
}
