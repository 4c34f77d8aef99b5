using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace HvBindgen.Uapi.OldCompiler.Tests;

public sealed class CompilerTests
{
    [Fact]
    public void All_of_these_tests_run_in_Roslyn_4_8() =>
        Assert.Equal(new Version(4, 8, 0, 0), typeof(CSharpCompilation).Assembly.GetName().Version);
}
