namespace HvBindgen.Samples.Tests;

/// <summary>A sample's executable, run as a user runs it.</summary>
internal static class Sample
{
    /// <summary>Folder of the samples' sources.</summary>
    internal static string Folder { get; } = Repository.PathOf("samples");

    /// <summary>Path of a sample's executable, built in the configuration of this test.</summary>
    internal static string PathOf(string name) => Repository.Built($"samples/{name}", name);

    /// <summary>Runs a sample to its end.</summary>
    /// <param name="name">Name.</param>
    /// <param name="arguments">Arguments.</param>
    /// <param name="backend">Which device the sample has to take; null leaves the choice to it.</param>
    /// <param name="input">Its standard input.</param>
    internal static Ending Run(string name, string[] arguments, string? backend = null, string input = "")
    {
        Dictionary<string, string?> variables = backend is null ? [] : new() { ["HVBINDGEN_MSHV"] = backend };
        return new ChildProgram(PathOf(name), arguments) { Environment = variables, Input = input }.Run();
    }
}
