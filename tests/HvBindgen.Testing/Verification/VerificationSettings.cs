using DiffEngine;

namespace HvBindgen.Testing.Verification;

/// <summary>What happens when a text is not the verified one.</summary>
/// <param name="AcceptsChanges">Whether the new text becomes the verified one.</param>
/// <param name="IsContinuousIntegration">Whether nobody watches: then nothing is accepted and no diff tool is opened.</param>
/// <param name="LaunchDiffTool">Shows the received and the verified file side by side.</param>
public sealed record VerificationSettings(bool AcceptsChanges, bool IsContinuousIntegration, Action<string, string> LaunchDiffTool)
{
    /// <summary>The one switch: with 1 in it, a run of the tests accepts every text as it is.</summary>
    public const string AcceptVariable = "HVBINDGEN_ACCEPT";

    /// <summary>Settings of this run.</summary>
    public static VerificationSettings FromEnvironment() => From(Environment.GetEnvironmentVariable, BuildServerDetector.Detected);

    public static VerificationSettings From(Func<string, string?> variable, bool isBuildServer)
    {
        bool isContinuousIntegration = isBuildServer || variable("CI") is { Length: > 0 } and not ("0" or "false");
        return new VerificationSettings(
            variable(AcceptVariable) == "1" && !isContinuousIntegration, isContinuousIntegration, OpenDiffTool);
    }

    // DiffEngine looks for an installed tool, and for DiffEngine_Disabled; without a tool it does nothing.
    private static void OpenDiffTool(string received, string verified)
    {
        if (!DiffRunner.Disabled)
        {
            DiffRunner.Launch(received, verified);
        }
    }
}
