using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Compares text with a committed file. HVBINDGEN_ACCEPT=1 writes the file instead, for a person to review.</summary>
internal static class ExpectedText
{
    internal static void Check(string file, string actual)
    {
        if (Environment.GetEnvironmentVariable("HVBINDGEN_ACCEPT") == "1")
        {
            File.WriteAllText(file, actual);
            return;
        }

        Assert.True(File.Exists(file), $"{file} is missing; run the tests with HVBINDGEN_ACCEPT=1 and review what they write");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
