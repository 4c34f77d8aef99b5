using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class FunctionPointerTests
{
    private const string Functions = """
            [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
            private static int Sum(int* values, int count)
            {
                int sum = 0;
                for (int index = 0; index < count; index++)
                {
                    sum += values[index];
                }

                return sum;
            }

            [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
            private static handle_t ByValue(pair pair, handle_t handle) => new() { token = pair.low + (int)pair.high + handle.token };

            [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
            private static pixel Floats(pixel pixel) => new() { red = pixel.green, green = pixel.red };

            [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
            private static void AtLeast(double* values, delegate* unmanaged[Cdecl]<int, int> callback) => *values = callback(21);

            [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
            private static int Twice(int value) => 2 * value;
        """;

    [Fact]
    public Task Compilers_agree_on_what_functions_qualify() => FixtureHeaders.VerifyAsync("function-qualified.h");

    [Fact]
    public void Qualifiers_are_no_part_of_a_function_in_the_model()
    {
        AbiModel model = FixtureHeaders.Parse("function-qualified.h").Model;

        Assert.Equal(
            ["int (*)(void)", "int (*)(int, long *)", "counter_t (*)(int)"],
            model.Index.FindRecord("struct operations")!.Fields.Select(field => AbiTypeText.Write(field.Type)));
        Assert.Equal(AbiTypeText.Read("int (*)(void)"), model.Index.FindTypedef("give_t")!.Type);
    }

    [Fact]
    public void A_function_pointer_has_the_signature_that_C_calls_or_none()
    {
        Bindings bindings = Bindings.Of("function-pointers.h", members: Functions, use: """
            calls calls = default;
            calls.sum = &Sum;
            calls.by_value = &ByValue;
            calls.floats = &Floats;
            calls.at_least = &AtLeast;
            int* values = stackalloc int[] { 1, 2, 3 };
            double result;
            calls.at_least(&result, &Twice);
            pixel turned = calls.floats(new pixel { red = 1.5f, green = 2.5f });
            void* firmware = calls.firmware;
            return $"{calls.sum(values, 3)} {calls.by_value(new pair { low = 1, high = 2 }, new handle_t { token = 3 }).token} "
                + FormattableString.Invariant($"{result} {turned.red} {turned.green} {sizeof(calls)} {firmware is null}");
            """);

        Assert.Equal("6 6 42 2.5 1.5 168 True", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Theory]
    [InlineData("stdcall")]
    [InlineData("fastcall")]
    [InlineData("regparm(3)")]
    [InlineData("swiftcall")]
    public void A_convention_that_is_not_the_target_s_own_leaves_a_pointer_to_anything(string convention)
    {
        Bindings bindings = Bindings.OfText(
            $"typedef int (__attribute__(({convention})) *call_t)(int);\nstruct s {{ call_t call; int (*plain)(int); }};\n", "i686");

        Assert.Contains($"because the function is called by '{convention}'", bindings.Declarations, StringComparison.Ordinal);
        Assert.Contains("public void* call;", bindings.Declarations, StringComparison.Ordinal);
        Assert.Contains("public delegate* unmanaged[Cdecl]<int, int> plain;", bindings.Declarations, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_that_functions_pass_by_value_may_hold_pointers_to_those_functions()
    {
        Bindings bindings = Bindings.Of("record-passed-by-itself.h", use: "return $\"{sizeof(self)} {sizeof(left)} {sizeof(right)}\";");

        Assert.Equal("8 16 32", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Theory]
    [InlineData("struct p { unsigned a:8, b:16, c:8; };")]
    [InlineData("struct p { unsigned long a:16, b:24, c:24; };")]
    [InlineData("struct p { unsigned long a:12, b:24, c:28; };")]
    [InlineData("struct p { unsigned long a:8, b:16, c:40; };")]
    [InlineData("struct p { unsigned long a:24, b:20, c:20; };")]
    [InlineData("struct __attribute__((packed)) p { unsigned char a; unsigned b:20, c:12; };")]
    [InlineData("struct __attribute__((packed)) p { unsigned short x; unsigned a:4, b:20, c:8; };")]
    [InlineData("struct p { struct { unsigned a:8, b:16, c:8; } inner; int other; };")]
    [InlineData("struct p { int other; struct { unsigned a:8, b:16, c:8; }; };")]
    [InlineData("struct p { struct { unsigned a:8, b:16, c:8; } inner[2]; };")]
    [InlineData("union p { unsigned long all; struct { unsigned a:8, b:16, c:8; }; };")]
    [InlineData("struct __attribute__((packed)) in { unsigned a:20, b:12; }; struct p { char tag; struct in inner; };")]
    [InlineData("struct __attribute__((packed)) in { unsigned a:9, b:15; }; struct p { struct in inner[3]; };")]
    public void A_record_with_a_bit_field_that_is_read_across_an_aligned_integer_is_not_passed(string record)
    {
        string tag = record.Contains("union p", StringComparison.Ordinal) ? "union p" : "struct p";
        Bindings bindings = Bindings.OfText(
            $"{record}\nstruct ops {{ long (*argument)({tag}, long); {tag} (*result)(long); }};\n", "x86_64");

        Assert.Contains("public void* argument;", bindings.Declarations, StringComparison.Ordinal);
        Assert.Contains("public void* result;", bindings.Declarations, StringComparison.Ordinal);
        Assert.Contains($"because C# would not pass '{tag}' as C does", bindings.Declarations, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("struct p { unsigned a:8, b:8, c:16; };")]
    [InlineData("struct p { unsigned long a:4, b:40; };")]
    [InlineData("struct p { _Bool flag; unsigned short s; unsigned long c:63; };")]
    [InlineData("struct p { unsigned a:8, b:16, c:8; long more[2]; };")]
    [InlineData("struct __attribute__((packed)) in { unsigned a:8, b:8; }; struct p { char tag; struct in inner[3]; };")]
    public void A_record_with_bit_fields_in_aligned_integers_is_passed(string record)
    {
        Bindings bindings = Bindings.OfText($"{record}\nstruct ops {{ struct p (*call)(struct p, long); }};\n", "x86_64");

        Assert.Contains("public delegate* unmanaged[Cdecl]<p, long, p> call;", bindings.Declarations, StringComparison.Ordinal);
    }
}
