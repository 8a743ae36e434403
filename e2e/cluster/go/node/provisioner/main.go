// Command provisioner gives each claim of the test cluster's StorageClass a folder on the node; a claim whose source is
// another claim begins with a copy of that one's folder, as a CSI driver that clones volumes would have it.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	name = "mapwright.io/hostpath"

	// Both annotations are the contract between Kubernetes and any dynamic provisioner.
	provisionedBy = "pv.kubernetes.io/provisioned-by"
	selectedNode  = "volume.kubernetes.io/selected-node"
	provisioner   = "volume.kubernetes.io/storage-provisioner"
)

var (
	kubeconfig = flag.String("kubeconfig", "", "how to reach the cluster")
	directory  = flag.String("directory", "", "where the volumes' folders are made")
	background = context.Background()
)

func main() {
	flag.Parse()
	rest, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Fatal(err)
	}
	client := kubernetes.NewForConfigOrDie(rest)
	stop := make(chan struct{})

	changed := make(chan struct{}, 1)
	notify := func() {
		select {
		case changed <- struct{}{}:
		default: // a pass that has not begun yet will see this change too
		}
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	claims := factory.Core().V1().PersistentVolumeClaims()
	volumes := factory.Core().V1().PersistentVolumes()
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { notify() },
		UpdateFunc: func(_, _ any) { notify() },
		DeleteFunc: func(any) { notify() },
	}
	claims.Informer().AddEventHandler(handler)
	volumes.Informer().AddEventHandler(handler)
	factory.Start(stop)
	factory.WaitForCacheSync(stop)

	for range changed {
		wanted, _ := claims.Lister().List(labels.Everything())
		for _, claim := range wanted {
			provision(client, claims.Lister(), claim)
		}
		existing, _ := volumes.Lister().List(labels.Everything())
		for _, volume := range existing {
			reclaim(client, volume)
		}
	}
}

func provision(client kubernetes.Interface, claims listers.PersistentVolumeClaimLister, claim *core.PersistentVolumeClaim) {
	node := claim.Annotations[selectedNode]
	if claim.Annotations[provisioner] != name || node == "" || claim.Spec.VolumeName != "" {
		return
	}
	volume := "pvc-" + string(claim.UID)
	path := filepath.Join(*directory, volume)
	err := makeFolder(path)
	if source := claim.Spec.DataSource; err == nil && source != nil {
		err = copyVolume(claims, claim.Namespace, source, path)
	}
	if err != nil {
		log.Printf("claim %s/%s: %v", claim.Namespace, claim.Name, err)
		return
	}
	_, err = client.CoreV1().PersistentVolumes().Create(background, &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: volume, Annotations: map[string]string{provisionedBy: name}},
		Spec: core.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      claim.Spec.Resources.Requests,
			PersistentVolumeReclaimPolicy: core.PersistentVolumeReclaimDelete,
			StorageClassName:              *claim.Spec.StorageClassName,
			PersistentVolumeSource: core.PersistentVolumeSource{
				HostPath: &core.HostPathVolumeSource{Path: path},
			},
			ClaimRef: &core.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim",
				Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
			NodeAffinity: &core.VolumeNodeAffinity{Required: &core.NodeSelector{
				NodeSelectorTerms: []core.NodeSelectorTerm{{MatchExpressions: []core.NodeSelectorRequirement{{
					Key: core.LabelHostname, Operator: core.NodeSelectorOpIn, Values: []string{node},
				}}}},
			}},
		},
	}, meta.CreateOptions{})
	if err != nil && !errors.IsAlreadyExists(err) {
		log.Printf("claim %s/%s: %v", claim.Namespace, claim.Name, err)
	}
}

// Copying again what was copied before does no harm, so a pass that was cut short needs no care.
func copyVolume(claims listers.PersistentVolumeClaimLister, namespace string, source *core.TypedLocalObjectReference, path string) error {
	if source.Kind != "PersistentVolumeClaim" {
		return fmt.Errorf("can not make a volume from a %s", source.Kind)
	}
	from, err := claims.PersistentVolumeClaims(namespace).Get(source.Name)
	if err != nil {
		return err
	}
	if from.Spec.VolumeName == "" {
		return fmt.Errorf("claim %s has no volume yet", source.Name)
	}
	return exec.Command("cp", "--archive", "--reflink=auto", filepath.Join(*directory, from.Spec.VolumeName)+"/.", path).Run()
}

// The kubelet does not apply fsGroup to a hostPath, so the folder is open to any user of the pod.
func makeFolder(path string) error {
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	return os.Chmod(path, 0o777)
}

func reclaim(client kubernetes.Interface, volume *core.PersistentVolume) {
	mine := volume.Annotations[provisionedBy] == name
	deletable := volume.Spec.PersistentVolumeReclaimPolicy == core.PersistentVolumeReclaimDelete
	if !mine || !deletable || volume.Status.Phase != core.VolumeReleased || volume.DeletionTimestamp != nil {
		return
	}
	if err := os.RemoveAll(filepath.Join(*directory, volume.Name)); err != nil {
		log.Printf("volume %s: %v", volume.Name, err)
		return
	}
	err := client.CoreV1().PersistentVolumes().Delete(background, volume.Name, meta.DeleteOptions{})
	if err != nil && !errors.IsNotFound(err) {
		log.Printf("volume %s: %v", volume.Name, err)
	}
}
