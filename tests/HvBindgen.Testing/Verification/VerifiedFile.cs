using System.Text;

namespace HvBindgen.Testing.Verification;

/// <summary>A verified text beside its test, and the received one beside that.</summary>
/// <param name="folder">Folder of the test's source.</param>
/// <param name="name">Class and method, for example <c>RecordTests.A_plain_record</c>.</param>
/// <param name="extension">Ending that tells what kind of text it is, without a dot.</param>
public sealed class VerifiedFile(string folder, string name, string extension)
{
    private static readonly UTF8Encoding WithoutByteOrderMark = new(encoderShouldEmitUTF8Identifier: false);

    public string VerifiedPath { get; } = Path.Combine(folder, $"{name}.verified.{extension}");

    public string ReceivedPath { get; } = Path.Combine(folder, $"{name}.received.{extension}");

    /// <summary>Compares a text with the verified one.</summary>
    /// <exception cref="VerifyException">They differ, or none has been verified yet.</exception>
    public void Compare(string received, VerificationSettings settings)
    {
        received = Normalize(received);
        string? verified = File.Exists(VerifiedPath) ? Normalize(File.ReadAllText(VerifiedPath)) : null;
        if (received == verified)
        {
            File.Delete(ReceivedPath);
            return;
        }

        if (settings.AcceptsChanges && !settings.IsContinuousIntegration)
        {
            File.WriteAllText(VerifiedPath, received, WithoutByteOrderMark);
            File.Delete(ReceivedPath);
            return;
        }

        File.WriteAllText(ReceivedPath, received, WithoutByteOrderMark);
        if (!settings.IsContinuousIntegration)
        {
            settings.LaunchDiffTool(ReceivedPath, VerifiedPath);
        }

        throw new VerifyException(Describe(verified, received));
    }

    // Checkouts and writers differ in line ends; what is verified is the text.
    private static string Normalize(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    private string Describe(string? verified, string received) =>
        $"""
        {Path.GetFileName(ReceivedPath)} {(verified is null ? "has no verified text yet." : "is not the verified text.")}
          verified: {VerifiedPath}
          received: {ReceivedPath}
        {TextDifference.Between(verified ?? "", received)}
        To accept it, read it and rename it, or run the tests with {VerificationSettings.AcceptVariable}=1 (never in CI).
        """;
}
