using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>What function-like requests take, by names that their methods do not use themselves.</summary>
public sealed class ParameterNameTests
{
    [Theory]
    [InlineData("System", "len", "int System_, ")]
    [InlineData("Constants", "len", "int Constants_, ")]
    [InlineData("TDescriptor", "len", "int TDescriptor_, ")]
    [InlineData("fd", "fd_", "int fd__, ")]
    [InlineData("argument", "argument_", "int argument__, ")]
    [InlineData("pointer", "pointer_", "int pointer__, ")]
    [InlineData("a$b", "a_b", "int a_b_, ")]
    [InlineData("a_b", "a$b", "int a_b, ")]
    [InlineData("class", "len", "int @class, ")]
    [InlineData("IoctlResult", "IIoctlDescriptor", "int IoctlResult, ")]
    [InlineData("value", "uint", "int value, ")]
    [InlineData("_", "__", "int _, ")]
    public void Parameters_are_called_neither_as_each_other_nor_as_what_the_methods_use(string nr, string length, string expected)
    {
        Bindings bindings = Bindings.OfText(
            $"""
            #include <linux/ioctl.h>
            #define FREE({nr}, {length}) _IOC(_IOC_READ, 2, {nr}, {length})
            #define ONE({nr}) _IOR(3, {nr}, struct item)
            #define PLAIN({length}) _IO(4, {length})
            struct item {"{ int a; };"}

            """,
            "x86_64");

        Assert.Contains($" FREE<TDescriptor>(TDescriptor fd, {expected}", bindings.Declarations, StringComparison.Ordinal);
        Assert.Contains($"uint FREE({expected}", bindings.Declarations, StringComparison.Ordinal);
    }
}
