namespace ExampleDevices;

/// <summary>What makes one kind of virtio device; how the driver reaches it is <see cref="VirtioMmio"/>'s.</summary>
public abstract class VirtioDevice
{
    /// <summary>Its number in chapter 5 of the specification.</summary>
    public abstract uint Kind { get; }

    /// <summary>How many queues it has.</summary>
    public abstract int QueueCount { get; }

    /// <summary>Its configuration, which the driver reads.</summary>
    public abstract ReadOnlySpan<byte> Configuration { get; }

    /// <summary>The driver has made something available.</summary>
    /// <param name="index">Number of the queue.</param>
    /// <param name="queue">The queue.</param>
    /// <returns>Whether something was given back, so that the driver is to be told.</returns>
    public abstract bool Serve(int index, Virtqueue queue);

    /// <summary>What of it is neither in its registers nor in guest memory, for a machine that is saved.</summary>
    public virtual byte[] SaveContent() => [];

    /// <summary>Takes what <see cref="SaveContent"/> gave.</summary>
    /// <param name="content">The bytes.</param>
    /// <exception cref="InvalidDataException">They are not this device's.</exception>
    public virtual void RestoreContent(byte[] content)
    {
    }
}
