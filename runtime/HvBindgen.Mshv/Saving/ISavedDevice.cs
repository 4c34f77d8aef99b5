namespace HvBindgen.Mshv.Saving;

/// <summary>A device whose state is saved and restored with its machine's.</summary>
public interface ISavedDevice
{
    /// <summary>Name of the device in the saved machine, unique there: by it the state finds its device again.</summary>
    string StateName { get; }

    /// <summary>Gives the device's state. No processor runs meanwhile.</summary>
    /// <returns>Bytes in a form of the device's own, at most 64 MiB.</returns>
    byte[] SaveState();

    /// <summary>Takes a state that <see cref="SaveState"/> gave. Called when all that is not a device has been restored.</summary>
    /// <param name="state">The bytes, which may come from anywhere: the device checks them.</param>
    void RestoreState(ReadOnlySpan<byte> state);
}
